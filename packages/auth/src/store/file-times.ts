/**
 * How a version is a name. The highest number is what holds; to write is to link a finished file to the next number, which fails for all
 * but one; and no number is free again while somebody may still aim at it. These times keep it so.
 *
 * A writer links within 30 s of having looked, or gives up; what was superseded stays 60 s at least; so the number it aims at has not been
 * used and cleared away in between. A tombstone stays an hour at least; nobody builds on it in its last seconds, and it is cleared after them.
 */
export const WRITER_GIVES_UP_SECONDS = 30;
export const SUPERSEDED_STAYS_SECONDS = 60;
/** The file that tombstones are links to is renewed this often, since it carries their time. */
export const TOMBSTONE_SOURCE_SECONDS = 60;
/** An hour, and as much more as a tombstone may be younger than the time it carries, and some. */
export const TOMBSTONE_STAYS_SECONDS = 3720;
/** The longest pause between the last look and the link that needs no second look. */
export const STALL_SECONDS = 2;
/** What was seen this lately can be confirmed by asking for the next number alone. */
export const REMEMBERED_SECONDS = 20;
