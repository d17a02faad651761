// The bodies of Boost.Asio, compiled once for every room that speaks HTTP.
#include <boost/asio/impl/src.hpp>
