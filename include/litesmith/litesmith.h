// Everything.
#pragma once

#include "litesmith/arithmetic.h"
#include "litesmith/array.h"
#include "litesmith/compare.h"
#include "litesmith/dtype.h"
#include "litesmith/error.h"
#include "litesmith/evaluate.h"
#include "litesmith/inspect.h"
#include "litesmith/interpreter.h"
#include "litesmith/layer_errors.h"
#include "litesmith/mode.h"
#include "litesmith/model.h"
#include "litesmith/optimize.h"
#include "litesmith/progress.h"
#include "litesmith/quantize.h"
#include "litesmith/version.h"
