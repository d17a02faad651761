// The compiled half of Asio, once. Nothing else may stand here: another room has the same file, and
// the linker takes whichever comes first only if both define exactly the same.
#include <boost/asio/impl/src.hpp>
