#include "ed25519.h"

#include <sodium/core.h>
#include <sodium/crypto_sign_ed25519.h>

int shrike_ed25519_make_keys(unsigned char *public_key, unsigned char *secret_key) {
    // Chooses implementations and opens the source of random numbers; 1 when that was done before.
    if (sodium_init() < 0) return -1;
    return crypto_sign_ed25519_keypair(public_key, secret_key);
}

int shrike_ed25519_sign(unsigned char *signature, const unsigned char *message, size_t size, const unsigned char *secret_key) {
    if (sodium_init() < 0) return -1;
    return crypto_sign_ed25519_detached(signature, NULL, message, size, secret_key);
}

int shrike_ed25519_verify(
    const unsigned char *signature, const unsigned char *message, size_t size, const unsigned char *public_key) {
    if (sodium_init() < 0) return -1;
    return crypto_sign_ed25519_verify_detached(signature, message, size, public_key);
}
