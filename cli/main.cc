// The program `litesmith`.
#include "litesmith/command_line.h"

int main(int count, char** words) { return litesmith::api::command_line(count, words); }
