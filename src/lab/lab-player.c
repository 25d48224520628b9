/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-lab"

#include "lab-player.h"

#include "flow-phone.h"
#include "flow-runner.h"
#include "lab-exchange.h"
#include "trace-message.h"

#include <glib/gi18n.h>
#include <string.h>

/* Three whole phones do not fit on most screens. */
#define COMPACT "--compact"
/* How often it is asked what the phones have said. */
#define LISTEN_US (150 * G_TIME_SPAN_MILLISECOND)

/* What the main thread asks for. */
typedef struct {
  enum { PLAY, CLOSE } kind;
  guint    flow;
  gboolean by_hand;
  guint    slow_ms;
} Wish;

/* What the thread tells. */
typedef struct {
  PhoneLabPlayer *player;
  guint           signal;
  guint           number;
  char           *text;
  PhoneTraceLadder *ladder;
} News;

struct _PhoneLabPlayer {
  GObject      parent_instance;
  char        *program;
  char        *folder;
  GPtrArray   *flows;      /* (element-type PhoneFlowScript): made before the thread says "ready", not changed then */
  GThread     *thread;
  GAsyncQueue *wishes;
  volatile int stop;       /* what is played */
  volatile int closing;

  /* The thread's. */
  PhoneLabExchange *exchange;
  GPtrArray        *phones;   /* (element-type PhoneFlowPhone) */
  GHashTable       *attach;
  GPtrArray        *said;     /* (element-type Said): of each phone */
  gint64            listened_us;
};

enum {
  STATE,
  STEP,
  PLAYED,
  LADDER,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PhoneLabPlayer, phone_lab_player, G_TYPE_OBJECT)

static void
free_news (gpointer data)
{
  News *news = data;

  g_object_unref (news->player);
  g_free (news->text);
  phone_trace_ladder_free (news->ladder);
  g_free (news);
}

static gboolean
on_news (gpointer data)
{
  News *news = data;

  if (news->signal == LADDER)
    g_signal_emit (news->player, signals[LADDER], 0, g_steal_pointer (&news->ladder));
  else if (news->signal == STEP)
    g_signal_emit (news->player, signals[STEP], 0, news->number);
  else
    g_signal_emit (news->player, signals[news->signal], 0, news->number, news->text);

  return G_SOURCE_REMOVE;
}

static void
post (PhoneLabPlayer *self,
      const News     *news)
{
  News *copy = g_memdup2 (news, sizeof *news);

  copy->player = g_object_ref (self);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_news, copy, free_news);
}

static void
tell (PhoneLabPlayer *self,
      guint           signal,
      guint           number,
      const char     *text)
{
  const News news = { .signal = signal, .number = number, .text = g_strdup (text ? text : "") };

  post (self, &news);
}

/* ---- the thread ---- */

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_flows (const char  *folder,
            GError     **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".flow"))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (paths, compare_names);

  return paths;
}

static gboolean
load_flows (PhoneLabPlayer  *self,
            GError         **error)
{
  g_autoptr (GHashTable) variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) paths = list_flows (self->folder, error);

  if (error && *error)
    return FALSE;
  phone_lab_exchange_fill (self->exchange, variables);
  for (guint i = 0; i < paths->len; i++)
    {
      PhoneFlowScript *script = phone_flow_script_load (g_ptr_array_index (paths, i), variables, error);

      if (!script)
        return FALSE;
      g_ptr_array_add (self->flows, script);
    }
  if (self->flows->len == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: there are no flows", self->folder);

  return self->flows->len > 0;
}

/* The phones stay from flow to flow: they get the settings with which the first flow starts its own. */
static gboolean
give_settings (PhoneFlowPhone         *phone,
               const PhoneFlowScript  *script,
               guint                   index,
               GError                **error)
{
  for (guint i = 0; i < script->steps->len; i++)
    {
      const PhoneFlowStep *step = g_ptr_array_index (script->steps, i);

      if (step->kind == PHONE_FLOW_START)
        break;
      if (step->kind == PHONE_FLOW_SETTING && (step->phone == PHONE_FLOW_ALL || step->phone == index)
          && !phone_flow_phone_set (phone, step->words[0], step->words[1], error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
start_phones (PhoneLabPlayer  *self,
              GError         **error)
{
  const PhoneFlowScript *script = g_ptr_array_index (self->flows, 0);

  for (guint i = 0; i < script->parts->len; i++)
    {
      const PhoneFlowPart *part = g_ptr_array_index (script->parts, i);
      PhoneFlowPhone *phone = phone_flow_phone_new (part->name, part->bind, part->tone_hz);

      g_ptr_array_add (self->phones, phone);
      if (!give_settings (phone, script, i, error) || !phone_flow_phone_start (phone, self->program, COMPACT, error))
        return FALSE;
      g_hash_table_insert (self->attach, g_strdup (part->name), phone_flow_phone_dup_control (phone));
    }

  return TRUE;
}

/* ---- the ladder ---- */

/* What a phone has said since the flow began. */
typedef struct {
  GPtrArray *messages;   /* (element-type PhoneTraceRecord) */
  guint64    last;       /* number of the newest that it was asked for */
} Said;

static void
free_said (gpointer data)
{
  Said *said = data;

  g_ptr_array_unref (said->messages);
  g_free (said);
}

/* Whether a phone is still registered is another matter than the flow. */
static gboolean
is_of_flow (const PhoneTraceRecord *record)
{
  g_autofree char *cseq = phone_trace_message_dup_header (record->text, record->length, "CSeq", NULL);

  return !cseq || !g_str_has_suffix (cseq, " REGISTER");
}

/* Returns: whether there is something new */
static gboolean
listen_to (PhoneFlowPhone *phone,
           Said           *said)
{
  g_autoptr (GPtrArray) list = phone_flow_phone_list_trace (phone, said->last, NULL);
  guint before = said->messages->len;

  for (guint i = 0; list && i < list->len; i++)
    {
      PhoneTraceRecord *record = list->pdata[i];

      said->last = record->number;
      if (is_of_flow (record))
        g_ptr_array_add (said->messages, phone_trace_record_ref (record));
    }

  return said->messages->len > before;
}

static gboolean
listen_to_all (PhoneLabPlayer *self)
{
  gboolean is_new = FALSE;

  for (guint i = 0; i < self->phones->len; i++)
    is_new |= listen_to (g_ptr_array_index (self->phones, i), g_ptr_array_index (self->said, i));
  self->listened_us = g_get_monotonic_time ();

  return is_new;
}

static void
tell_ladder (PhoneLabPlayer *self)
{
  g_autoptr (GArray) sources = g_array_new (FALSE, FALSE, sizeof (PhoneTraceSource));
  News news = { .signal = LADDER };

  for (guint i = 0; i < self->phones->len; i++)
    {
      const Said *said = g_ptr_array_index (self->said, i);
      const PhoneTraceSource source = { phone_flow_phone_get_name (g_ptr_array_index (self->phones, i)), said->messages };

      g_array_append_val (sources, source);
    }
  /* Translators: the column of the exchange between the phones */
  news.ladder = phone_trace_ladder_merge ((const PhoneTraceSource *) (gpointer) sources->data, sources->len, _("Exchange"));
  post (self, &news);
}

static void
look_at_messages (PhoneLabPlayer *self)
{
  if (listen_to_all (self))
    tell_ladder (self);
}

/* The ladder begins anew. */
static void
forget_messages (PhoneLabPlayer *self)
{
  while (self->said->len < self->phones->len)
    {
      Said *said = g_new0 (Said, 1);

      said->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_trace_record_unref);
      g_ptr_array_add (self->said, said);
    }
  listen_to_all (self);
  for (guint i = 0; i < self->said->len; i++)
    g_ptr_array_set_size (((Said *) g_ptr_array_index (self->said, i))->messages, 0);
  tell_ladder (self);
}

/* ---- a flow ---- */

typedef struct {
  PhoneLabPlayer        *player;
  const PhoneFlowScript *script;
} Playing;

static void
on_watch (gpointer user_data)
{
  const Playing *playing = user_data;

  if (g_get_monotonic_time () - playing->player->listened_us >= LISTEN_US)
    look_at_messages (playing->player);
}

static void
on_step (const PhoneFlowStep *step,
         gpointer             user_data)
{
  const Playing *playing = user_data;
  guint index;

  if (g_ptr_array_find (playing->script->steps, step, &index))
    tell (playing->player, STEP, index, NULL);
  on_watch (user_data);
}

static const char *
find_fault (GPtrArray *results)
{
  for (guint i = 0; i < results->len; i++)
    {
      const PhoneFlowResult *result = g_ptr_array_index (results, i);

      if (result->outcome == PHONE_FLOW_FAILED)
        return result->message;
    }

  return "";
}

static void
play (PhoneLabPlayer *self,
      const Wish     *wish)
{
  Playing playing = { self, g_ptr_array_index (self->flows, wish->flow) };
  const PhoneFlowOptions options = {
    .program = self->program,
    .app_id = "",
    .attach = self->attach,
    .by_hand = wish->by_hand,
    .slow_ms = wish->slow_ms,
    .stop = &self->stop,
    .progress = on_step,
    .watch = on_watch,
    .user_data = &playing,
  };
  g_autoptr (GPtrArray) results = NULL;
  const char *fault;

  tell (self, STATE, PHONE_LAB_PLAYING, NULL);
  forget_messages (self);
  results = phone_flow_run (playing.script, &options);
  fault = find_fault (results);
  look_at_messages (self);
  tell (self, PLAYED, fault[0] == '\0', fault);
  tell (self, STATE, PHONE_LAB_READY, NULL);
}

static void
obey (PhoneLabPlayer *self)
{
  while (TRUE)
    {
      g_autofree Wish *wish = g_async_queue_pop (self->wishes);

      if (wish->kind == CLOSE)
        return;
      self->stop = self->closing;
      play (self, wish);
    }
}

static gpointer
run (gpointer data)
{
  PhoneLabPlayer *self = data;
  g_autoptr (GError) error = NULL;

  self->exchange = phone_lab_exchange_new (&error);
  if (self->exchange && load_flows (self, &error) && start_phones (self, &error))
    {
      tell (self, STATE, PHONE_LAB_READY, NULL);
      obey (self);
    }
  else
    {
      g_autofree Wish *wish = NULL;

      tell (self, STATE, PHONE_LAB_BROKEN, error->message);
      wish = g_async_queue_pop (self->wishes);
    }
  g_ptr_array_set_size (self->phones, 0);
  g_clear_pointer (&self->exchange, phone_lab_exchange_free);

  return NULL;
}

/* ---- the main thread ---- */

static void
phone_lab_player_finalize (GObject *object)
{
  PhoneLabPlayer *self = PHONE_LAB_PLAYER (object);

  g_free (self->program);
  g_free (self->folder);
  g_ptr_array_unref (self->flows);
  g_ptr_array_unref (self->phones);
  g_hash_table_unref (self->attach);
  g_ptr_array_unref (self->said);
  g_async_queue_unref (self->wishes);
  G_OBJECT_CLASS (phone_lab_player_parent_class)->finalize (object);
}

static void
phone_lab_player_class_init (PhoneLabPlayerClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = phone_lab_player_finalize;
  signals[STATE] = g_signal_new ("state", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
  signals[STEP] = g_signal_new ("step", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[LADDER] = g_signal_new ("ladder", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[PLAYED] = g_signal_new ("played", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
}

static void
phone_lab_player_init (PhoneLabPlayer *self)
{
  self->flows = g_ptr_array_new_with_free_func ((GDestroyNotify) phone_flow_script_free);
  self->phones = g_ptr_array_new_with_free_func (g_object_unref);
  self->attach = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->said = g_ptr_array_new_with_free_func (free_said);
  self->wishes = g_async_queue_new_full (g_free);
}

/**
 * phone_lab_player_new:
 * @phone_program: path of deskset
 * @flows_folder: where the flows are
 */
PhoneLabPlayer *
phone_lab_player_new (const char *phone_program,
                      const char *flows_folder)
{
  PhoneLabPlayer *self = g_object_new (PHONE_TYPE_LAB_PLAYER, NULL);

  self->program = g_strdup (phone_program);
  self->folder = g_strdup (flows_folder);

  return self;
}

/**
 * phone_lab_player_start:
 *
 * Starts exchange and phones; "state" tells how that goes.
 */
void
phone_lab_player_start (PhoneLabPlayer *self)
{
  g_return_if_fail (PHONE_IS_LAB_PLAYER (self) && !self->thread);

  self->thread = g_thread_new ("lab-player", run, self);
}

/**
 * phone_lab_player_get_flows:
 * Returns: (transfer none) (element-type PhoneFlowScript): the flows, from the first "ready" on
 */
GPtrArray *
phone_lab_player_get_flows (PhoneLabPlayer *self)
{
  return self->flows;
}

static void
wish_for (PhoneLabPlayer *self,
          const Wish     *wish)
{
  g_async_queue_push (self->wishes, g_memdup2 (wish, sizeof *wish));
}

/**
 * phone_lab_player_play:
 * @flow: index
 * @by_hand: a person presses the keys
 * @slow_ms: how long it rests after each key
 */
void
phone_lab_player_play (PhoneLabPlayer *self,
                       guint           flow,
                       gboolean        by_hand,
                       guint           slow_ms)
{
  const Wish wish = { PLAY, flow, by_hand, slow_ms };

  g_return_if_fail (PHONE_IS_LAB_PLAYER (self) && flow < self->flows->len);

  wish_for (self, &wish);
}

/**
 * phone_lab_player_stop:
 *
 * Stops what is played, within half a second.
 */
void
phone_lab_player_stop (PhoneLabPlayer *self)
{
  g_return_if_fail (PHONE_IS_LAB_PLAYER (self));

  self->stop = 1;
}

/**
 * phone_lab_player_close:
 *
 * Ends phones and exchange, and waits until they have ended.
 */
void
phone_lab_player_close (PhoneLabPlayer *self)
{
  const Wish wish = { .kind = CLOSE };

  g_return_if_fail (PHONE_IS_LAB_PLAYER (self));

  if (!self->thread)
    return;
  self->closing = 1;
  self->stop = 1;
  wish_for (self, &wish);
  g_clear_pointer (&self->thread, g_thread_join);
}
