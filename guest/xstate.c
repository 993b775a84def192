/*
 * Lets User-mode Linux run on CPUs whose register state is larger than it knows (AMX). Preloaded into its process.
 *
 * Linux accepts PTRACE_SETREGSET of NT_X86_XSTATE only for the whole state of this machine. User-mode Linux keeps
 * 2696 bytes and gets EFAULT. Here its bytes are laid over the state the process has.
 *
 * Uses no header, so that a compiler alone is enough.
 */
struct iovec {
    void *base;
    unsigned long length;
};

extern long syscall(long number, ...);
extern int *__errno_location(void);
extern void *memcpy(void *to, const void *from, unsigned long length);

enum {
    SYS_PTRACE = 101,
    EFAULT = 14,
    PEEKTEXT = 1,
    PEEKDATA = 2,
    PEEKUSER = 3,
    GETREGSET = 0x4204,
    SETREGSET = 0x4205,
    NT_X86_XSTATE = 0x202,
    HEADER = 512, /* where the bit set of used components is */
};

/* XTILECFG and XTILEDATA: what lies beyond the given bytes is then in its initial state. */
#define TILES (3ul << 17)

static char whole[65536];

/* libc's is variadic; with integers and pointers only, that is the same call. */
long ptrace(long request, long pid, unsigned long address, struct iovec *data) {
    if (request == PEEKTEXT || request == PEEKDATA || request == PEEKUSER) {
        long word = 0;
        if (syscall(SYS_PTRACE, request, pid, address, &word) < 0) {
            return -1;
        }
        *__errno_location() = 0;
        return word;
    }
    long result = syscall(SYS_PTRACE, request, pid, address, data);
    if (result >= 0 || request != SETREGSET || address != NT_X86_XSTATE || *__errno_location() != EFAULT) {
        return result;
    }
    struct iovec state = {whole, sizeof whole};
    if (syscall(SYS_PTRACE, (long) GETREGSET, pid, address, &state) < 0) {
        return -1;
    }
    if (data->length >= state.length) {
        *__errno_location() = EFAULT;
        return -1;
    }
    memcpy(whole, data->base, data->length);
    *(unsigned long *) (whole + HEADER) &= ~TILES;
    return syscall(SYS_PTRACE, request, pid, address, &state);
}
