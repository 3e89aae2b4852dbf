# Compiles a FlatBuffers schema with flatc into a header that `target` includes as
# "<folder of the schema>/<name>_generated.h". An sdist carries the compiled header with the headers that fit it
# (LITESMITH_FLATBUFFERS_GENERATED): newer releases refuse each other's.
if(NOT LITESMITH_FLATBUFFERS_GENERATED)
  find_program(LITESMITH_FLATC flatc REQUIRED)
  find_path(LITESMITH_FLATBUFFERS_INCLUDE flatbuffers/flatbuffers.h REQUIRED)
endif()

function(litesmith_flatbuffers target schema)
  # Its headers alone do: only text to numbers by the C locale asks for its object code.
  target_compile_definitions(${target} PRIVATE FLATBUFFERS_LOCALE_INDEPENDENT=0)
  if(LITESMITH_FLATBUFFERS_GENERATED)
    target_include_directories(${target} SYSTEM PRIVATE ${LITESMITH_FLATBUFFERS_GENERATED})
    return()
  endif()
  get_filename_component(folder ${schema} DIRECTORY)
  get_filename_component(name ${schema} NAME_WE)
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${schema})
  set(header ${PROJECT_BINARY_DIR}/generated/${folder}/${name}_generated.h)
  add_custom_command(
    OUTPUT ${header}
    COMMAND ${LITESMITH_FLATC} --cpp -o ${PROJECT_BINARY_DIR}/generated/${folder} ${source}
    DEPENDS ${source}
    COMMENT "flatc ${schema}"
    VERBATIM)
  target_sources(${target} PRIVATE ${header})
  target_include_directories(${target} SYSTEM PRIVATE ${LITESMITH_FLATBUFFERS_INCLUDE})
endfunction()
