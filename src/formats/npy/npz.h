// Arrays out of a file, one or several: .npy, or NumPy's .npz archive of them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "formats/npy/npy.h"

namespace litesmith {

struct NamedArray {
  std::string name;  // empty for the one array of a .npy file
  NpyArray array;
};

// Looks at the bytes, not at the name. Members of an archive that are no .npy are passed over.
// np.savez archives are mapped like .npy files; np.savez_compressed ones are unpacked into memory.
// Throws Error(format) when there is no array at all.
std::vector<NamedArray> read_arrays(const std::filesystem::path& path);
// The same from bytes; `name` is what messages call them.
std::vector<NamedArray> read_arrays(SharedBytes file, const std::string& name);

}  // namespace litesmith
