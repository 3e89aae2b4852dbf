# What the sanitizers look at, by kind of target (LITESMITH_SANITIZE, LITESMITH_SANITIZE_THREADS, LITESMITH_FUZZ).
#
# Vector kernels (property LITESMITH_VECTOR_KERNEL) leave out the checks of pointers, of which they
# have one in every unrolled line: those double the minutes that clang takes, and AddressSanitizer
# sees the same faults. Their branches say nothing to a fuzzer either.
set(kernel $<BOOL:$<TARGET_PROPERTY:LITESMITH_VECTOR_KERNEL>>)
if(LITESMITH_SANITIZE)
  target_compile_options(litesmith_flags INTERFACE
    -fsanitize=address
    "$<${kernel}:-fsanitize=signed-integer-overflow,integer-divide-by-zero,shift,bounds,bool,enum>"
    "$<$<NOT:${kernel}>:-fsanitize=undefined>"
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(litesmith_flags INTERFACE -fsanitize=address,undefined)
endif()
if(LITESMITH_SANITIZE_THREADS)
  target_compile_options(litesmith_flags INTERFACE -fsanitize=thread -fno-omit-frame-pointer)
  target_link_options(litesmith_flags INTERFACE -fsanitize=thread)
endif()
if(LITESMITH_FUZZ)
  target_compile_options(litesmith_flags INTERFACE "$<$<NOT:${kernel}>:-fsanitize=fuzzer-no-link>")
endif()
unset(kernel)
