import { Type } from 'typebox'

/** How a route that answers with bytes of these types stands in the API document. */
export const binary = (description: string, ...types: readonly string[]) => ({
  200: {
    description,
    content: Object.fromEntries(types.map((type) => [type, { schema: Type.String({ format: 'binary' }) }])),
  },
})
