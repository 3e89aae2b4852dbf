// A shared library opened while the program runs.
#pragma once

namespace litesmith::peer {

class Library {
 public:
  explicit Library(const char* path);  // throws std::runtime_error; stays open

  // The function of that name, as what the caller says it is.
  template <class Function>
  void find(const char* name, Function*& function) const {
    function = reinterpret_cast<Function*>(symbol(name));
  }

 private:
  void* symbol(const char* name) const;
  void* handle_;
};

}  // namespace litesmith::peer
