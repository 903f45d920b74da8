/** What a token opens. `page` is the share page and its playback answer. */
export type Purpose = 'page' | 'stream' | 'download' | 'poster'
