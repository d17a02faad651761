// The bodies of Boost.Beast, compiled once for every room that speaks HTTP.
#include <boost/beast/src.hpp>
