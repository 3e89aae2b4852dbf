#include "base/cpu_features.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "base/error.h"

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

namespace litesmith {
namespace {

constexpr std::array kAll = {Isa::baseline, Isa::avx2,        Isa::avx_vnni,
                             Isa::avx512,   Isa::avx512_vnni, Isa::neon_dotprod};

#if defined(__x86_64__) && !defined(LITESMITH_AVX_VNNI_BY_AVX512)
// AVX-VNNI, which the compilers' run-time libraries do not all know: leaf 7, 1 of CPUID, bit 4 of
// EAX (Intel's Software Developer's Manual, volume 2A, CPUID). It needs of the system what AVX2
// needs.
bool processor_has_avx_vnni() {
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  return __get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx) != 0 && (eax & (1U << 4)) != 0;
}
#endif

bool machine_has(Isa isa) {
#if defined(__x86_64__)
  // The compiler's run-time library also asks whether the system saves the wide registers.
  const bool avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
  const bool avx512 =
      avx2 && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
      __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0;
  const bool avx512_vnni = avx512 && __builtin_cpu_supports("avx512vnni") != 0;
#if defined(LITESMITH_AVX_VNNI_BY_AVX512)  // cmake/LitesmithMultiIsa.cmake
  const bool avx_vnni = avx512_vnni;
#else
  const bool avx_vnni = avx2 && processor_has_avx_vnni();
#endif
  switch (isa) {
    case Isa::baseline:
      return true;
    case Isa::avx2:
      return avx2;
    case Isa::avx_vnni:
      return avx_vnni;
    case Isa::avx512:
      return avx512;
    case Isa::avx512_vnni:
      return avx512_vnni;
    case Isa::neon_dotprod:
      return false;
  }
#elif defined(__aarch64__)
  if (isa == Isa::neon_dotprod) return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
#endif
  return isa == Isa::baseline;
}

}  // namespace

std::string_view to_string(Isa isa) {
  switch (isa) {
    case Isa::baseline:
      return "baseline";
    case Isa::avx2:
      return "avx2";
    case Isa::avx_vnni:
      return "avx_vnni";
    case Isa::avx512:
      return "avx512";
    case Isa::avx512_vnni:
      return "avx512_vnni";
    case Isa::neon_dotprod:
      return "neon_dotprod";
  }
  return "unknown";
}

std::optional<Isa> parse_isa(std::string_view name) {
  for (const Isa isa : kAll) {
    if (to_string(isa) == name) return isa;
  }
  return std::nullopt;
}

const std::vector<Isa>& supported_isas() {
  static const std::vector<Isa> supported = [] {
    std::vector<Isa> result;
    std::copy_if(kAll.begin(), kAll.end(), std::back_inserter(result), machine_has);
    return result;
  }();
  return supported;
}

Isa choose_isa(const char* wanted, const std::vector<Isa>& supported) {
  if (wanted == nullptr || *wanted == '\0') return supported.back();
  const std::optional<Isa> isa = parse_isa(wanted);
  if (isa.has_value() && std::find(supported.begin(), supported.end(), *isa) != supported.end()) {
    return *isa;
  }
  std::string names;
  for (const Isa each : supported) {
    names += (names.empty() ? "" : ", ") + std::string(to_string(each));
  }
  throw Error(ErrorCode::usage, "LITESMITH_ISA is '" + std::string(wanted) + "', which " +
                                    (isa.has_value() ? "this machine does not have"
                                                     : "is no instruction set litesmith knows") +
                                    "; it may be one of " + names);
}

Isa default_isa() { return choose_isa(std::getenv("LITESMITH_ISA"), supported_isas()); }

}  // namespace litesmith
