import manifest from '../../package.json' with { type: 'json' }

/** Version of this Matinee, from the package. */
export const VERSION: string = manifest.version
