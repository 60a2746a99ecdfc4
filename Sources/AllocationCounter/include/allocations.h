// Counts what a thread asks the allocator for: this program's malloc and its kin stand in front of the C library's.
#pragma once

// Whether they do on this system.
int ac_counts_allocations(void);

// Calls of the allocator that this thread has made.
long ac_allocations(void);
