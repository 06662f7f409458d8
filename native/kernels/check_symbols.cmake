# cmake -DNM=nm -DOBJECTS=FILE -P check_symbols.cmake: FILE lists the objects of the kernels. They may define nothing that the linker
# would merge with another level's or with libtorch's copy of the same name: every symbol is local, or in a level's namespace (or the
# compiler's pointer to the handler of exceptions, which is no code).
file(STRINGS ${OBJECTS} objects)
foreach(object ${objects})
  execute_process(COMMAND ${NM} --defined-only --extern-only --format=posix ${object} OUTPUT_VARIABLE symbols RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "${NM} ${object}: ${failed}")
  endif()
  string(REPLACE "\n" ";" symbols "${symbols}")
  foreach(symbol ${symbols})
    if(NOT symbol MATCHES "^(_ZN3pr1[0-9]+(baseline|avx)[^ ]* [TRDB]|DW[.]ref[.]|$)")
      message(FATAL_ERROR "${object} defines ${symbol}, which the linker may share between levels of processors; make it local (an anonymous namespace)")
    endif()
  endforeach()
endforeach()
