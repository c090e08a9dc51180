/* A sorted table of (name, certificate): wildcards stand in it as they are written. */
#include "net/tls_names.h"

#include "base/memory.h"

#include <ctype.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME_LONGEST = 255,
    COUNT_MOST = sizeof((struct tls_choice *)0)->all / sizeof(struct tls_certificate *),
};

struct name {
    char *text; /* owned; lower case */
    size_t certificate;
};

struct tls_names {
    size_t name_count;
    struct name *all; /* owned */
    struct tls_certificates certificates;
    const char *usual; /* of `all`; NULL: the first certificate has no name */
};

/* A name with a NUL inside is somebody's trick. */
static void add_text(struct tls_names *names, const ASN1_STRING *string,
                     size_t certificate)
{
    size_t length = (size_t)ASN1_STRING_length(string);
    const unsigned char *bytes = ASN1_STRING_get0_data(string);
    char *text;

    if (!length || length > NAME_LONGEST || memchr(bytes, 0, length))
        return;
    text = memory_new(length + 1);
    for (size_t i = 0; i < length; i++)
        text[i] = (char)tolower(bytes[i]);
    if (text[length - 1] == '.')
        text[length - 1] = '\0';
    names->all = memory_resize(names->all, (names->name_count + 1) * sizeof *names->all);
    names->all[names->name_count++] = (struct name){ text, certificate };
}

static void add_common_name(struct tls_names *names, const X509 *leaf, size_t certificate)
{
    const X509_NAME *subject = X509_get_subject_name(leaf);
    int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);

    if (at >= 0)
        add_text(names, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)),
                 certificate);
}

static void add_names(struct tls_names *names, size_t certificate)
{
    const X509 *leaf = names->certificates.all[certificate].leaf;
    GENERAL_NAMES *others = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
    size_t before = names->name_count;

    for (int i = 0; i < sk_GENERAL_NAME_num(others); i++) {
        const GENERAL_NAME *other = sk_GENERAL_NAME_value(others, i);

        if (other->type == GEN_DNS)
            add_text(names, other->d.dNSName, certificate);
    }
    GENERAL_NAMES_free(others);
    if (names->name_count == before)
        add_common_name(names, leaf, certificate);
}

static int order(const void *one, const void *other)
{
    const struct name *left = one, *right = other;
    int by_text = strcmp(left->text, right->text);

    if (by_text)
        return by_text;
    return (left->certificate > right->certificate) -
           (left->certificate < right->certificate);
}

static bool hold_all(struct tls_names *names, const struct tls_certificates *certificates)
{
    names->certificates.all = memory_new_array(certificates->count,
                                               sizeof *certificates->all);
    for (size_t i = 0; i < certificates->count; i++) {
        names->certificates.count++;
        if (!tls_certificate_hold(&names->certificates.all[i], &certificates->all[i]))
            return false;
    }
    return true;
}

struct tls_names *tls_names_create(const struct tls_certificates *certificates)
{
    struct tls_names *names = memory_new(sizeof *names);

    if (!hold_all(names, certificates)) {
        tls_names_destroy(names);
        return NULL;
    }
    for (size_t i = 0; i < certificates->count; i++)
        add_names(names, i);
    if (names->name_count && names->all[0].certificate == 0)
        names->usual = names->all[0].text;
    if (names->name_count)
        qsort(names->all, names->name_count, sizeof *names->all, order);
    return names;
}

void tls_names_destroy(struct tls_names *names)
{
    if (!names)
        return;
    for (size_t i = 0; i < names->name_count; i++)
        free(names->all[i].text);
    free(names->all);
    tls_certificates_deinit(&names->certificates);
    free(names);
}

/* Of equal names the first. */
static size_t find_first(const struct tls_names *names, const char *text)
{
    size_t least = 0, most = names->name_count;

    while (least < most) {
        size_t middle = least + (most - least) / 2;

        if (strcmp(names->all[middle].text, text) < 0)
            least = middle + 1;
        else
            most = middle;
    }
    return least;
}

static bool has_kind(const struct tls_choice *choice,
                     const struct tls_certificate *certificate)
{
    int kind = EVP_PKEY_get_base_id(certificate->key);

    for (size_t i = 0; i < choice->count; i++)
        if (EVP_PKEY_get_base_id(choice->all[i]->key) == kind)
            return true;
    return false;
}

static struct tls_choice collect(const struct tls_names *names, const char *text)
{
    struct tls_choice choice = { 0 };

    for (size_t i = find_first(names, text); i < names->name_count; i++) {
        const struct name *name = &names->all[i];
        const struct tls_certificate *certificate =
            &names->certificates.all[name->certificate];

        if (strcmp(name->text, text) != 0 || choice.count == COUNT_MOST)
            break;
        if (!has_kind(&choice, certificate))
            choice.all[choice.count++] = certificate;
    }
    return choice;
}

struct tls_choice tls_names_find(const struct tls_names *names, const char *name)
{
    struct tls_choice choice = collect(names, name);
    const char *rest = strchr(name, '.');
    char wildcard[NAME_LONGEST + 2];

    if (choice.count || !rest || rest == name)
        return choice;
    (void)snprintf(wildcard, sizeof wildcard, "*%s", rest);
    return collect(names, wildcard);
}

struct tls_choice tls_names_usual(const struct tls_names *names)
{
    struct tls_choice first = { 1, { &names->certificates.all[0] } };

    return names->usual ? collect(names, names->usual) : first;
}

const struct tls_certificate *tls_names_of_leaf(const struct tls_names *names,
                                                const X509 *leaf)
{
    for (size_t i = 0; i < names->certificates.count; i++)
        if (names->certificates.all[i].leaf == leaf)
            return &names->certificates.all[i];
    return NULL;
}
