/** The variable that names the resource that AWS refuses in a rehearsal. */
export const REFUSED = "CONCORD_REHEARSAL_REFUSED";
