#include "cli/command.h"

int main(int argc, char **argv)
{
    return mud_main(argc, argv);
}
