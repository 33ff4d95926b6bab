// The switch is a word of memory and a header; a package wants a source.
#include "MutantSwitch.h"
