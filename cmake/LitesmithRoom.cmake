# A room is a folder of src/ that is one static library; its unit tests are tests/unit/<room>/*_test.cc.
#
#   litesmith_room(<name> [NEEDS <room>...] [LIBRARIES <target>...])
#
# <name> may be a path (formats/npy). Sources are globbed: adding a file to a room is adding the file.
# A subfolder that is a room of its own is not part of its parent.
function(litesmith_room name)
  cmake_parse_arguments(ARG "" "" "NEEDS;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cc)
  list(FILTER sources EXCLUDE REGEX "/multi_isa/")
  string(REPLACE "/" "_" target litesmith_${name})
  add_library(${target} STATIC ${sources})
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
      target_include_directories(${target}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests/unit)
      target_link_libraries(${target}_test PRIVATE ${target} ${ARG_LIBRARIES}
                                                      GTest::gmock_main litesmith_test_flags)
      target_compile_definitions(${target}_test PRIVATE
        LITESMITH_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
      add_test(NAME ${test_name} COMMAND ${target}_test)
    endif()
  endif()
endfunction()
