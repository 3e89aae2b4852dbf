// The modes are part of the public face.
#pragma once

#include "litesmith/mode.h"
