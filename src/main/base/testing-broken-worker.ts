throw new Error('an entry that cannot be loaded')
