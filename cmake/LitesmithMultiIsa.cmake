# Compiles src/<room>/multi_isa/*.cc once for each instruction set of the target architecture and adds
# the objects to the room. LITESMITH_ISA names the level; the files put all they define into a
# namespace of that name. They are optimized even in debug builds: an inline function that is not
# inlined would be shared between levels.
function(litesmith_multi_isa room)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${room}/multi_isa/*.cc)
  # Where g++ 12 allocates registers loop by loop, its default, it copies accumulators between
  # registers in some of the innermost.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/${room}/multi_isa/convolution.cc
                                PROPERTIES COMPILE_OPTIONS -fira-region=all)
  endif()
  set(levels baseline)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    list(APPEND levels avx2 avx_vnni avx512 avx512_vnni)
    set(flags_avx2 -mavx2 -mfma)
    set(flags_avx_vnni ${flags_avx2} -mavxvnni)
    # Few machines have AVX-VNNI, many AVX-512's encoding of the same instructions on 256 bits: a
    # sanitizer build uses that, so that its tests run the level there.
    if(LITESMITH_SANITIZE)
      set(flags_avx_vnni ${flags_avx2} -mavx512vl -mavx512vnni)
      target_compile_definitions(litesmith_base PRIVATE LITESMITH_AVX_VNNI_BY_AVX512)
    endif()
    set(flags_avx512 ${flags_avx2} -mavx512f -mavx512bw -mavx512dq -mavx512vl
                     -mprefer-vector-width=512)
    set(flags_avx512_vnni ${flags_avx512} -mavx512vnni)
    # Half vectors: no level, but what avx512_vnni uses for convolutions to few channels.
    list(APPEND levels avx512_vnni_half)
    set(flags_avx512_vnni_half ${flags_avx512_vnni} -mprefer-vector-width=256 -DLITESMITH_HALF_VECTORS)
    set(sources_avx512_vnni_half ${sources})
    list(FILTER sources_avx512_vnni_half INCLUDE REGEX "/(convolution|finish)\\.cc$")
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
    list(APPEND levels neon_dotprod)
    set(flags_neon_dotprod -march=armv8.2-a+dotprod)
  endif()
  foreach(level IN LISTS levels)
    set(target litesmith_${room}_${level})
    if(NOT DEFINED sources_${level})
      set(sources_${level} ${sources})
    endif()
    add_library(${target} OBJECT ${sources_${level}})
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${target} PRIVATE litesmith_flags)
    # Never joined (CMAKE_UNITY_BUILD): each is minutes of work for a sanitizer, and two can go at once.
    set_target_properties(${target} PROPERTIES LITESMITH_VECTOR_KERNEL ON UNITY_BUILD OFF)
    target_compile_definitions(${target} PRIVATE LITESMITH_ISA=${level})
    # Under the sanitizers -O3 doubles the minutes that clang takes and finds nothing more. Nobody
    # reads errno or floating-point exceptions here; without them loops vectorize.
    target_compile_options(${target} PRIVATE $<IF:$<BOOL:${LITESMITH_SANITIZE}>,-O2,-O3>
                                             -fno-math-errno -fno-trapping-math
                                             ${flags_${level}})
    # g++ 12's own AVX-512 header looks uninitialized to it (GCC bug 105593).
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized -Wno-uninitialized)
    endif()
    target_sources(litesmith_${room} PRIVATE $<TARGET_OBJECTS:${target}>)
    # Sanitizers keep functions apart that are inlined into one without them: what the test looks at
    # says nothing there, and a sanitizer build runs on the machine it was made on.
    if(LITESMITH_TESTS AND NOT LITESMITH_SANITIZE)
      add_test(NAME unit.${room}.symbols.${level}
        COMMAND ${CMAKE_COMMAND} -DNM=${CMAKE_NM} -DNAMESPACE=litesmith::${room}::${level}
                "-DOBJECTS=$<TARGET_OBJECTS:${target}>"
                -P ${PROJECT_SOURCE_DIR}/tests/unit/kernels/multi_isa_symbols.cmake)
      # That the dot products of this level are there, and without copies between their accumulators.
      if(level MATCHES "vnni|dotprod")
        add_test(NAME unit.${room}.disassembly.${level}
          COMMAND ${PROJECT_SOURCE_DIR}/scripts/check_disassembly.py --objdump ${CMAKE_OBJDUMP}
                  $<TARGET_OBJECTS:${target}>
          COMMAND_EXPAND_LISTS)
      endif()
    endif()
  endforeach()
endfunction()
