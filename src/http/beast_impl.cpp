// The compiled half of Beast, once.
#include <boost/beast/src.hpp>
