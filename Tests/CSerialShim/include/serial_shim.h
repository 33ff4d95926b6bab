#pragma once
#include <stdbool.h>

/// Makes libserialport, unchanged, take pseudo terminals for USB serial ports. It stands in for the few calls of the C
/// library with which libserialport asks sysfs and the modem lines; everything else goes through.

/// Whether this build has the shim: a sanitizer stands between the same calls itself, and only one of them can.
bool serialshim_works(void);

/// The folder with the attributes (idVendor, serial, ...) that /dev/pts/N shows; NULL takes them away.
void serialshim_set_attributes(int number, const char *folder);

/// The rate that a driver runs at instead of the one it was asked for, in thousandths of it; 1000 for the same.
void serialshim_set_rate_of_drivers(int thousandths);
