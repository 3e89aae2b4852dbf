# Fails when an object compiled for an instruction set defines a symbol outside its namespace: the
# linker would then run that level's instructions where another level was asked for.
#
#   cmake -DNM=<nm> -DNAMESPACE=<a::b> -DOBJECTS=<objects> -P multi_isa_symbols.cmake
set(checked 0)
foreach(object IN LISTS OBJECTS)
  execute_process(COMMAND ${NM} --demangle --defined-only --extern-only ${object}
                  OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE ";" "," symbols "${symbols}")
  string(REPLACE "\n" ";" symbols "${symbols}")
  foreach(symbol IN LISTS symbols)
    # "<address> <type> <name>", after a demangled return type or "vtable for"; DW.ref.* and the
    # like come from the compiler and name no code.
    if(symbol STREQUAL "" OR symbol MATCHES " DW\\.ref\\." OR symbol MATCHES "__odr_asan")
      continue()
    endif()
    math(EXPR checked "${checked} + 1")
    string(FIND "${symbol}" "${NAMESPACE}::" position)
    if(position EQUAL -1)
      message(SEND_ERROR "${object} defines, outside ${NAMESPACE}: ${symbol}")
    endif()
  endforeach()
endforeach()
if(checked EQUAL 0)
  message(FATAL_ERROR "no symbol was checked")
endif()
message(STATUS "${checked} symbols lie in ${NAMESPACE}")
