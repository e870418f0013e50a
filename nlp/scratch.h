/*
 * For work arrays in inner loops that are written before they are read: the
 * release build zeroes every variable on the stack, which costs more than the
 * work itself there.
 */
#ifndef MUD_NLP_SCRATCH_H
#define MUD_NLP_SCRATCH_H

#if defined(__has_attribute)
#    if __has_attribute(uninitialized)
#        define MUD_SCRATCH __attribute__((uninitialized))
#    endif
#endif
#ifndef MUD_SCRATCH
#    define MUD_SCRATCH
#endif

#endif
