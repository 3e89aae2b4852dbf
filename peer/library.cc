#include "library.h"

#include <dlfcn.h>

#include <stdexcept>
#include <string>

namespace litesmith::peer {

Library::Library(const char* path) : handle_(::dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr) throw std::runtime_error(::dlerror());
}

void* Library::symbol(const char* name) const {
  void* found = ::dlsym(handle_, name);
  if (found == nullptr) {
    throw std::runtime_error(std::string("the library has no ") + name +
                             "; it is of another version than litesmith knows");
  }
  return found;
}

}  // namespace litesmith::peer
