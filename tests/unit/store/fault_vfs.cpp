// Shared by several test programs; this one compiles it in.
#include "support/fault_vfs.cpp"
