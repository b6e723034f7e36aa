/** The files in a store's folder. What SQLite puts beside them has names of its own. */

export const DATABASE_FILE = 'softkms.db'
export const LOCK_FILE = 'softkms.lock'
