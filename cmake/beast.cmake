# Boost.Asio and Boost.Beast are header-only unless told otherwise; their bodies are compiled here,
# once, for every room that names millwright_beast among its LIBS.
add_library(millwright_beast STATIC ${CMAKE_CURRENT_LIST_DIR}/beast/asio.cpp
                                    ${CMAKE_CURRENT_LIST_DIR}/beast/beast.cpp)
target_compile_definitions(millwright_beast PRIVATE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  _GLIBCXX_ASSERTIONS)
target_link_libraries(millwright_beast PUBLIC Threads::Threads)
