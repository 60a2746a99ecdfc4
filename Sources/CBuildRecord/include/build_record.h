/* What a build says of itself. */
#pragma once

/* Commit and day that it was built from, and "changed" where the sources were no longer that commit's, with blanks between;
 * empty where nobody said so, as in a plain `swift build`. */
const char *cb_build_record(void);
