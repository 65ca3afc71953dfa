/*
 * libpg_query's functions, as a library that is linked or loaded in its place, from the code that generated/ holds: libpg_query 18 as WebAssembly, turned
 * into C. What goes wrong in there, even an endless recursion, ends with an error of that one text and never with the process. Each thread has an instance.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "grammar.h"
#include "wasm-rt-exceptions.h"
#include "wasm-rt-impl.h"

#define EXPORTED __attribute__((visibility("default")))

/* Pages of 64 kB beyond which an instance is given up after use: its memory never shrinks. */
enum { MOST_PAGES = 4096 };

/* Of the thread's stack that is left to what a call needs at most. */
enum { SPARE_STACK = 1 << 20 };

/* The names that emscripten shortened: package/wasm/libpg-query.js, assignWasmExports and wasmImports. */
#define initialize w2c_pg__query_A
#define allocate w2c_pg__query_C
#define release w2c_pg__query_E
#define parse_query_raw w2c_pg__query_F
#define free_parse_result w2c_pg__query_G
#define parse_plpgsql w2c_pg__query_H
#define normalize_query w2c_pg__query_J
#define free_string w2c_pg__query_N
#define set_threw w2c_pg__query_P
#define stack_restore w2c_pg__query_Q
#define stack_current w2c_pg__query_R

/* What the code runs in: the C library that it was compiled with asks this for whatever a system would do. */
struct w2c_a {
  w2c_pg__query query;
  int is_ready;
};

static _Thread_local struct w2c_a here;
/* Where longjmp goes. */
static _Thread_local jmp_buf *innermost;

static int grows(wasm_rt_memory_t *memory, u64 bytes) {
  u64 pages = (bytes + 0xffff) >> 16;
  return pages <= memory->pages || wasm_rt_grow_memory(memory, pages - memory->pages) != (u64)(u32)-1;
}

static wasm_rt_funcref_t *function(struct w2c_a *in, u32 index) {
  wasm_rt_funcref_table_t *table = w2c_pg__query_D(&in->query);
  if (index >= table->size || table->data[index].func == NULL) wasm_rt_trap(WASM_RT_TRAP_CALL_INDIRECT);
  return &table->data[index];
}

/* A call within setjmp: one that ends by longjmp gives back the stack and says so (emscripten's invoke_…). */
#define INVOKE(in, call)                                \
  do {                                                  \
    jmp_buf point, *outer = innermost;                  \
    u32 stack = stack_current(&(in)->query);            \
    u32 depth = wasm_rt_call_stack_depth;               \
    innermost = &point;                                 \
    if (_setjmp(point) == 0) {                          \
      call;                                             \
      innermost = outer;                                \
    } else {                                            \
      innermost = outer;                                \
      wasm_rt_call_stack_depth = depth;                 \
      stack_restore(&(in)->query, stack);               \
      set_threw(&(in)->query, 1, 0);                    \
    }                                                   \
  } while (0)

#define F(type, ...) ((type(*)(void *, ##__VA_ARGS__))f->func)
#define FUNCTION wasm_rt_funcref_t *f = function(in, index); void *m = f->module_instance

u32 w2c_a_g(struct w2c_a *in, u32 index) {
  FUNCTION;
  u32 volatile result = 0;
  INVOKE(in, result = F(u32)(m));
  return result;
}

u32 w2c_a_b(struct w2c_a *in, u32 index, u32 a) {
  FUNCTION;
  u32 volatile result = 0;
  INVOKE(in, result = F(u32, u32)(m, a));
  return result;
}

u32 w2c_a_a(struct w2c_a *in, u32 index, u32 a, u32 b) {
  FUNCTION;
  u32 volatile result = 0;
  INVOKE(in, result = F(u32, u32, u32)(m, a, b));
  return result;
}

u32 w2c_a_d(struct w2c_a *in, u32 index, u32 a, u32 b, u32 c) {
  FUNCTION;
  u32 volatile result = 0;
  INVOKE(in, result = F(u32, u32, u32, u32)(m, a, b, c));
  return result;
}

u32 w2c_a_k(struct w2c_a *in, u32 index, u32 a, u32 b, u32 c, u32 d) {
  FUNCTION;
  u32 volatile result = 0;
  INVOKE(in, result = F(u32, u32, u32, u32, u32)(m, a, b, c, d));
  return result;
}

u64 w2c_a_l(struct w2c_a *in, u32 index, u32 a) {
  FUNCTION;
  u64 volatile result = 0;
  INVOKE(in, result = F(u64, u32)(m, a));
  return result;
}

void w2c_a_e(struct w2c_a *in, u32 index) {
  FUNCTION;
  INVOKE(in, F(void)(m));
}

void w2c_a_f(struct w2c_a *in, u32 index, u32 a) {
  FUNCTION;
  INVOKE(in, F(void, u32)(m, a));
}

void w2c_a_h(struct w2c_a *in, u32 index, u32 a, u32 b) {
  FUNCTION;
  INVOKE(in, F(void, u32, u32)(m, a, b));
}

void w2c_a_j(struct w2c_a *in, u32 index, u32 a, u32 b, u32 c) {
  FUNCTION;
  INVOKE(in, F(void, u32, u32, u32)(m, a, b, c));
}

void w2c_a_i(struct w2c_a *in, u32 index, u32 a, u32 b, u32 c, u32 d) {
  FUNCTION;
  INVOKE(in, F(void, u32, u32, u32, u32)(m, a, b, c, d));
}

void w2c_a_y(struct w2c_a *in, u32 index, u32 a, u32 b, u32 c, u32 d, u32 e) {
  FUNCTION;
  INVOKE(in, F(void, u32, u32, u32, u32, u32)(m, a, b, c, d, e));
}

void w2c_a_n(struct w2c_a *in, u32 index, u32 a, u32 b, u32 c, u32 d, u32 e, u32 g, u32 h, u32 i, u32 j, u32 k, u32 l, u32 n, u32 o) {
  FUNCTION;
  INVOKE(in, F(void, u32, u32, u32, u32, u32, u32, u32, u32, u32, u32, u32, u32, u32)(m, a, b, c, d, e, g, h, i, j, k, l, n, o));
}

/* longjmp */
void w2c_a_p(struct w2c_a *in) {
  if (innermost == NULL) wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE);
  _longjmp(*innermost, 1);
}

/* assert, abort, exit, proc_exit */
void w2c_a_c(struct w2c_a *in, u32 condition, u32 file, u32 line, u32 name) { wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE); }
void w2c_a_x(struct w2c_a *in) { wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE); }
void w2c_a_m(struct w2c_a *in, u32 code) { wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE); }
void w2c_a_v(struct w2c_a *in, u32 code) { wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE); }

/* Timers and what keeps an event loop alive: there is none. */
u32 w2c_a_o(struct w2c_a *in, u32 which, f64 timeout) { return 0; }
void w2c_a_w(struct w2c_a *in) {}

/* Files: it writes to standard error now and then, which nobody reads; error 8 is EBADF. */
u32 w2c_a_u(struct w2c_a *in, u32 file) { return 0; }
u32 w2c_a_r(struct w2c_a *in, u32 file, u32 parts, u32 count, u32 read) { return 8; }
u32 w2c_a_s(struct w2c_a *in, u32 file, u64 offset, u32 whence, u32 position) { return 8; }

u32 w2c_a_t(struct w2c_a *in, u32 file, u32 parts, u32 count, u32 written) {
  wasm_rt_memory_t *memory = w2c_pg__query_z(&in->query);
  u32 total = 0;
  if ((u64)parts + 8ull * count > memory->size || (u64)written + 4 > memory->size) wasm_rt_trap(WASM_RT_TRAP_OOB);
  for (u32 part = 0; part < count; part++) {
    u32 length;
    memcpy(&length, memory->data + parts + 8 * part + 4, sizeof length);
    total += length;
  }
  memcpy(memory->data + written, &total, sizeof total);
  return 0;
}

/* More memory: twice as much, or what is asked for. */
u32 w2c_a_q(struct w2c_a *in, u32 bytes) {
  wasm_rt_memory_t *memory = w2c_pg__query_z(&in->query);
  u64 generous = 2 * (u64)memory->size;
  return grows(memory, generous > bytes ? generous : bytes) || grows(memory, bytes);
}

/* Of the instance's memory, from there to the next zero; NULL for nothing. */
static char *text_at(u32 address) {
  wasm_rt_memory_t *memory = w2c_pg__query_z(&here.query);
  if (address == 0) return NULL;
  if (address >= memory->size) wasm_rt_trap(WASM_RT_TRAP_OOB);
  return strndup((char *)memory->data + address, memory->size - address);
}

static u32 word_at(u32 address) {
  wasm_rt_memory_t *memory = w2c_pg__query_z(&here.query);
  u32 word;
  if ((u64)address + sizeof word > memory->size) wasm_rt_trap(WASM_RT_TRAP_OOB);
  memcpy(&word, memory->data + address, sizeof word);
  return word;
}

static u32 copied(const char *text) {
  size_t length = strlen(text) + 1;
  u32 address = allocate(&here.query, (u32)length);
  wasm_rt_memory_t *memory = w2c_pg__query_z(&here.query);
  if (address == 0 || (u64)address + length > memory->size) wasm_rt_trap(WASM_RT_TRAP_OOB);
  memcpy(memory->data + address, text, length);
  return address;
}

static void end(void) {
  if (here.is_ready) wasm2c_pg__query_free(&here.query);
  here.is_ready = 0;
}

_Thread_local char *pg_query_stack_end;

static char *lowest_of_the_stack(void) {
#ifdef __APPLE__
  return (char *)pthread_get_stackaddr_np(pthread_self()) - pthread_get_stacksize_np(pthread_self());
#else
  pthread_attr_t attributes;
  void *lowest = NULL;
  size_t size;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return NULL;
  pthread_attr_getstack(&attributes, &lowest, &size);
  pthread_attr_destroy(&attributes);
  return lowest;
#endif
}

static void begin(void) {
  if (pg_query_stack_end == NULL) pg_query_stack_end = lowest_of_the_stack() + SPARE_STACK;
  if (here.is_ready) return;
  wasm_rt_init();
  wasm2c_pg__query_instantiate(&here.query, &here);
  here.is_ready = 1;
  initialize(&here.query);
}

typedef struct {
  char *message;
  char *function;
  char *file;
  int line;
  int position;
  char *context;
} PgQueryError;

typedef struct {
  char *result;
  PgQueryError *error;
} Answer;

static PgQueryError *error_of(char *message) {
  PgQueryError *error = calloc(1, sizeof *error);
  error->message = message;
  return error;
}

/* What it takes to ask: an instance, which a failure ends. */
static Answer ask(Answer (*question)(u32 text), const char *text) {
  Answer answer = {0};
  wasm_rt_trap_t trap = wasm_rt_impl_try();
  if (trap == 0) {
    begin();
    u32 address = copied(text);
    answer = question(address);
    release(&here.query, address);
  } else {
    answer.result = NULL;
    answer.error = error_of(strdup(trap == WASM_RT_TRAP_EXHAUSTION ? "stack depth limit exceeded" : "the parser failed"));
  }
  innermost = NULL;
  if (trap != 0 || w2c_pg__query_z(&here.query)->pages > MOST_PAGES) end();
  return answer;
}

static Answer tree(u32 text) {
  Answer answer = {0};
  u32 result = parse_query_raw(&here.query, text);
  if (result == 0) wasm_rt_trap(WASM_RT_TRAP_OOB);
  u32 error = word_at(result + 8);
  if (error != 0)
    answer.error = error_of(text_at(word_at(error)));
  else
    answer.result = text_at(word_at(result));
  free_parse_result(&here.query, result);
  return answer;
}

/* The JSON of the functions, or else the error's message. */
static Answer functions(u32 text) {
  static const char prefix[] = "{\"plpgsql_funcs\":";
  Answer answer = {0};
  u32 result = parse_plpgsql(&here.query, text);
  char *found = text_at(result);
  free_string(&here.query, result);
  if (found != NULL && strncmp(found, prefix, sizeof prefix - 1) == 0) {
    size_t length = strlen(found) - (sizeof prefix - 1) - 1;
    memmove(found, found + sizeof prefix - 1, length);
    found[length] = '\0';
    answer.result = found;
  } else {
    answer.error = error_of(found != NULL ? found : strdup("the parser failed"));
  }
  return answer;
}

/* It answers with the statement or with an error's message, which only the parser can tell apart. */
static Answer normalized(u32 text) {
  Answer answer = tree(text);
  if (answer.error != NULL) return answer;
  free(answer.result);
  u32 result = normalize_query(&here.query, text);
  answer.result = text_at(result);
  free_string(&here.query, result);
  return answer;
}

static void forget(char *result, PgQueryError *error) {
  free(result);
  if (error == NULL) return;
  free(error->message);
  free(error);
}

typedef struct {
  char *parse_tree;
  char *stderr_buffer;
  PgQueryError *error;
} PgQueryParseResult;

typedef Answer PgQueryPlpgsqlParseResult;
typedef Answer PgQueryNormalizeResult;

EXPORTED PgQueryParseResult pg_query_parse(const char *input) {
  Answer answer = ask(tree, input);
  return (PgQueryParseResult){.parse_tree = answer.result, .error = answer.error};
}

EXPORTED void pg_query_free_parse_result(PgQueryParseResult result) { forget(result.parse_tree, result.error); }

EXPORTED PgQueryPlpgsqlParseResult pg_query_parse_plpgsql(const char *input) { return ask(functions, input); }

EXPORTED void pg_query_free_plpgsql_parse_result(PgQueryPlpgsqlParseResult result) { forget(result.result, result.error); }

EXPORTED PgQueryNormalizeResult pg_query_normalize(const char *input) { return ask(normalized, input); }

EXPORTED void pg_query_free_normalize_result(PgQueryNormalizeResult result) { forget(result.result, result.error); }
