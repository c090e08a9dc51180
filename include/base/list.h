/* An intrusive, circular, doubly linked list. The head is a link of its own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct link {
    struct link *previous, *next;
};

/* The object of type `type` whose field `field` is `link`. */
#define list_object(link, type, field)                                                   \
    ((type *)(void *)((char *)(link)-offsetof(type, field)))

/* Visits each link; the body may remove the link it is given. */
#define list_each(each, head)                                                            \
    for (struct link *each = (head)->next, *each##_next = each->next; each != (head);    \
         each = each##_next, each##_next = each->next)

static inline void list_init(struct link *head)
{
    head->previous = head->next = head;
}

static inline bool list_is_empty(const struct link *head)
{
    return head->next == head;
}

static inline void list_append(struct link *head, struct link *link)
{
    link->previous = head->previous;
    link->next = head;
    head->previous->next = link;
    head->previous = link;
}

/* Leaves the link pointing to itself, so that removing it again is harmless. */
static inline void list_remove(struct link *link)
{
    link->previous->next = link->next;
    link->next->previous = link->previous;
    list_init(link);
}
