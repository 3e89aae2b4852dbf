# Makes a header of a text file, so that a static program carries it: "<path without extension>_table.h"
# holds the text as the std::string_view `constant`.
function(litesmith_text_file file constant)
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  file(READ ${source} LITESMITH_TEXT)
  set(LITESMITH_CONSTANT ${constant})
  get_filename_component(folder ${file} DIRECTORY)
  get_filename_component(name ${file} NAME_WE)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/text_file.h.in
                 ${PROJECT_BINARY_DIR}/generated/${folder}/${name}_table.h @ONLY)
endfunction()
