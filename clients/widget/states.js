/** Where something may still happen without whoever asked. */
export const UNSETTLED = new Set(["open", "claimed", "in_progress", "handing_over", "answered"]);

/** Where someone helps, or thinks they have. */
export const IN_COMPANY = new Set(["claimed", "in_progress", "handing_over", "answered"]);

/** What whoever asked may open again. */
export const CLOSED = new Set(["resolved", "closed_unconfirmed"]);

/** Where nothing happens any more. */
export const OVER = new Set([...CLOSED, "withdrawn", "merged", "expired"]);

/** Where words still find someone. */
export const TALKED = new Set([...UNSETTLED, ...CLOSED]);
