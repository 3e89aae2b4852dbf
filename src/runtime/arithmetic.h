// The arithmetics are part of the public face.
#pragma once

#include "litesmith/arithmetic.h"
