#pragma once
// Debian's 2.2.2; the layout of its structures changes between versions, so header and library belong together.
#include <mujoco/mujoco.h>
