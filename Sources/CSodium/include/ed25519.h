#ifndef SHRIKE_ED25519_H
#define SHRIKE_ED25519_H

#include <stddef.h>

// Signatures by Ed25519 (RFC 8032), as libsodium makes them: keys of 32 and 64 bytes, signatures of 64.

/// Makes a pair of keys; 0 when that was done.
int shrike_ed25519_make_keys(unsigned char *public_key, unsigned char *secret_key);

/// Signs a message; 0 when that was done.
int shrike_ed25519_sign(unsigned char *signature, const unsigned char *message, size_t size, const unsigned char *secret_key);

/// 0 when the signature is the key's and the message's.
int shrike_ed25519_verify(
    const unsigned char *signature, const unsigned char *message, size_t size, const unsigned char *public_key);

#endif
