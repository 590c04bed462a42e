/* Inside the service layer: what writing, sending and listing messages share. */
#ifndef SERVICE_MESSAGE_INT_H
#define SERVICE_MESSAGE_INT_H

#include "message/compose.h"
#include "message/template.h"
#include "service/message.h"

struct messages {
    struct arena *arena; /* holds this */
    struct message_templates *templates;
    struct message_setup setup;
};

/* What an event is called; its id when no template knows it. */
struct str message_event_name(const struct server *s, struct str region, struct str event);

#endif
