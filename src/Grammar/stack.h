/*
 * Where the calls of generated/ end: before the thread's stack does, and before the stack of WebAssembly, 32 MB above the constants, reaches these. wasm2c
 * counts calls and compares the count with a limit, which needs not be a constant: as long as there is stack, it is one that no count passes.
 */
#include <stdint.h>

extern _Thread_local char *pg_query_stack_end;

/* __data_end and what a call needs at most. */
enum { PG_QUERY_LOWEST_STACK = 0x200000 };

#define WASM_RT_MAX_CALL_STACK_DEPTH \
  ((char *)__builtin_frame_address(0) > pg_query_stack_end && instance->w2c_g0 > PG_QUERY_LOWEST_STACK ? UINT32_MAX : 0)
