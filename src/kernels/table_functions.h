// The functions that tables are made of, as float results of double arithmetic: so close to the
// true value that they are the correctly rounded float (all but about one in 10^7 of them).
//
// LiteRT calls the C library's expf, tanhf and so on, which differ from machine to machine in the
// last bit: those of glibc 2.36 are correctly rounded in 99.9 % (expf, logf), 93 % (expm1f) and
// 81 % (tanhf, erfcf) of all cases, those of glibc 2.41 in all. A table of 8-bit codes shows the
// difference once in 10^4 tables, in one code (docs/numerics.md).
#pragma once

namespace litesmith::kernels {

float correct_exp(float x);
float correct_expm1(float x);
float correct_log(float x);
float correct_tanh(float x);
float correct_erfc(float x);

// e^x in double, within 1 ulp.
double exp_double(double x);

}  // namespace litesmith::kernels
