// The header is everything; a target of C has at least one source.
#include "CProcessor.h"
