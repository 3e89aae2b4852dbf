# A room is a folder of src/ that is one static library; its unit tests are tests/unit/<room>/*_test.cc.
#
#   litesmith_room(<name> [NEEDS <room>...] [LIBRARIES <target>...] [FILES_APART])
#
# Where a preset says CMAKE_UNITY_BUILD, a room's files are compiled some at a time, so that their headers are
# read once; FILES_APART: not these, which give other things the same private names. Tests are always apart, but
# read GoogleTest, which takes longer than most of them, from one precompiled header, that of the first room.
# <name> may be a path (formats/npy). Sources are globbed: adding a file to a room is adding the file.
# A subfolder that is a room of its own is not part of its parent.
function(litesmith_room name)
  cmake_parse_arguments(ARG "FILES_APART" "" "NEEDS;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cc)
  list(FILTER sources EXCLUDE REGEX "/multi_isa/")
  string(REPLACE "/" "_" target litesmith_${name})
  add_library(${target} STATIC ${sources})
  if(ARG_FILES_APART)
    set_target_properties(${target} PROPERTIES UNITY_BUILD OFF)
  endif()
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include
                                              ${PROJECT_BINARY_DIR}/generated)
  list(TRANSFORM ARG_NEEDS REPLACE "/" "_")
  list(TRANSFORM ARG_NEEDS PREPEND litesmith_)
  target_link_libraries(${target} PUBLIC ${ARG_NEEDS} litesmith_flags PRIVATE ${ARG_LIBRARIES})
  if(LITESMITH_TESTS)
    file(GLOB tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/unit/${name}/*_test.cc)
    if(tests)
      string(REPLACE "/" "." test_name unit.${name})
      add_executable(${target}_test ${tests})
      set_target_properties(${target}_test PROPERTIES UNITY_BUILD OFF)
      target_include_directories(${target}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests/unit)
      target_link_libraries(${target}_test PRIVATE ${target} ${ARG_LIBRARIES}
                                                      GTest::gmock_main litesmith_test_flags)
      target_compile_definitions(${target}_test PRIVATE
        LITESMITH_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
      get_property(first GLOBAL PROPERTY LITESMITH_FIRST_TEST)
      if(first)
        target_precompile_headers(${target}_test REUSE_FROM ${first})
      else()
        target_precompile_headers(${target}_test PRIVATE
          <gmock/gmock.h> <gtest/gtest.h> <algorithm> <optional> <string> <vector>)
        set_property(GLOBAL PROPERTY LITESMITH_FIRST_TEST ${target}_test)
      endif()
      add_test(NAME ${test_name} COMMAND ${target}_test)
    endif()
  endif()
endfunction()
