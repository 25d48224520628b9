/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-lab"

#include "lab-steps.h"

#include "key.h"

#include <glib/gi18n.h>

#include <string.h>

/* A row of the list, by the index of its step. */
typedef struct {
  guint      step;
  gboolean   is_action;
  GtkWidget *row;
  GtkWidget *icon;    /* NULL for a heading */
} Row;

struct _PhoneLabSteps {
  GtkWidget  parent_instance;
  GtkWidget *scroller;
  GtkWidget *list;
  GArray    *rows;      /* (element-type Row) */
  int        current;   /* index of a row, -1 = none */
};

G_DEFINE_FINAL_TYPE (PhoneLabSteps, phone_lab_steps, GTK_TYPE_WIDGET)

/* ---- words ---- */

static char *
join (char       **words,
      const char  *separator)
{
  return g_strjoinv (separator, words);
}

/* As people call it, not as files do. */
static const char *
get_key_name (const char *id)
{
  PhoneKey key = phone_key_from_id (id);

  return key == PHONE_KEY_NONE ? id : phone_key_get_name (key);
}

static char *
dup_key_names (char **ids)
{
  GString *names = g_string_new (NULL);

  for (char **id = ids; *id; id++)
    g_string_append_printf (names, "%s%s", names->len ? ", " : "", get_key_name (*id));

  return g_string_free (names, FALSE);
}

/* @state: "green-fast", as conditions have it */
static const char *
get_lamp_words (const char *state)
{
  for (int colour = 0; colour <= PHONE_LAMP_ORANGE; colour++)
    for (int blink = 0; blink <= PHONE_BLINK_VERY_SLOW; blink++)
      {
        const char *word = phone_lamp_colour_to_string (colour);
        g_autofree char *both = g_strdup_printf ("%s-%s", word, phone_blink_to_string (blink));

        if (g_str_equal (state, word) || g_str_equal (state, both))
          return phone_lamp_get_words (colour, blink);
      }

  return state;
}

static char *
describe_action (const char          *name,
                 const PhoneFlowStep *step)
{
  g_autofree char *words = step->kind == PHONE_FLOW_KEY ? dup_key_names (step->words) : join (step->words, " ");

  switch ((int) step->kind)
    {
    case PHONE_FLOW_KEY:
      /* Translators: a person at phone %s presses the keys %s */
      return g_strdup_printf (_ ("%s: press %s"), name, words);
    case PHONE_FLOW_NUMBER:
      return g_strdup_printf (_ ("%s: dial the digits %s"), name, words);
    case PHONE_FLOW_SOFT:
      return g_strdup_printf (_ ("%s: press the soft key “%s”"), name, words);
    case PHONE_FLOW_TYPE:
    case PHONE_FLOW_DIAL:
      return g_strdup_printf (_ ("%s: enter “%s”"), name, words);
    case PHONE_FLOW_ANSWER:
      return g_strdup_printf (_ ("%s: answer"), name);
    case PHONE_FLOW_HANGUP:
      return g_strdup_printf (_ ("%s: hang up"), name);
    case PHONE_FLOW_HOOK:
      return g_strdup_printf (g_str_equal (words, "off") ? _ ("%s: lift the handset") : _ ("%s: put the handset down"), name);
    case PHONE_FLOW_SETTING:
      return g_strdup_printf (_ ("%s: the setting %s becomes %s"), name, step->words[0], step->words[1]);
    default:
      return g_strdup_printf ("%s: %s", name, words);
    }
}

static char *
describe_softkeys (const char *name,
                   const char *labels)
{
  g_auto (GStrv) parts = g_strsplit (labels, "|", -1);
  g_autoptr (GString) text = g_string_new (NULL);

  for (char **part = parts; *part; part++)
    if (**part)
      {
        /* Translators: a text in quotation marks */
        g_autofree char *quoted = g_strdup_printf (_ ("“%s”"), *part);

        g_string_append_printf (text, "%s%s", text->len ? ", " : "", quoted);
      }

  return g_strdup_printf (_ ("%s: the soft keys are %s"), name, text->str);
}

static char *
describe_check (const char          *name,
                const PhoneFlowStep *step)
{
  /* Translators: between two texts in quotation marks of which the first and the last mark stand elsewhere: “A”, “B” */
  g_autofree char *words = join (step->words, _ ("”, “"));

  switch ((int) step->kind)
    {
    case PHONE_FLOW_LCD:
      return g_strdup_printf (_ ("%s: the display shows “%s”"), name, words);
    case PHONE_FLOW_NO_LCD:
      return g_strdup_printf (_ ("%s: the display does not show “%s”"), name, words);
    case PHONE_FLOW_SOFTKEYS:
      return describe_softkeys (name, step->words[0]);
    case PHONE_FLOW_LAMP:
      /* Translators: a phone, one of its keys, and what its lamp does: "green lamp blinking fast" */
      return g_strdup_printf (_ ("%s: %s, %s"), name, get_key_name (step->words[0]), get_lamp_words (step->words[1]));
    case PHONE_FLOW_IDLE:
      return g_strdup_printf (_ ("%s: idle"), name);
    case PHONE_FLOW_ICON:
      return g_strdup_printf (_ ("%s: the icon “%s” is shown"), name, words);
    default:
      return g_strdup_printf ("%s: %s", name, words);
    }
}

/**
 * phone_lab_steps_dup_sentence:
 * Returns: (transfer full) (nullable): the step as one would say it; %NULL for what is not worth a row
 */
char *
phone_lab_steps_dup_sentence (const PhoneFlowScript *script,
                              const PhoneFlowStep   *step)
{
  const PhoneFlowPart *part = step->phone == PHONE_FLOW_ALL ? NULL : g_ptr_array_index (script->parts, step->phone);
  const char *name = part ? part->name : _ ("All");

  switch ((int) step->kind)
    {
    case PHONE_FLOW_STEP:
      return g_strdup (step->words[0]);
    case PHONE_FLOW_START:
    case PHONE_FLOW_PAUSE:
    case PHONE_FLOW_REPEAT:
    case PHONE_FLOW_END:
    case PHONE_FLOW_HEARS:   /* it is people who hear here */
    case PHONE_FLOW_PAGE:
    case PHONE_FLOW_WAIT:
      return NULL;
    default:
      return step->kind <= PHONE_FLOW_COMMAND ? describe_action (name, step) : describe_check (name, step);
    }
}

/* ---- rows ---- */

static GtkWidget *
make_label (const char *text,
            gboolean    is_heading)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);
  if (is_heading)
    gtk_widget_add_css_class (label, "heading");

  return label;
}

static void
add_row (PhoneLabSteps *self,
         guint          index,
         PhoneFlowKind  kind,
         const char    *text)
{
  gboolean is_heading = kind == PHONE_FLOW_STEP;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  Row row = { index, kind >= PHONE_FLOW_KEY && kind <= PHONE_FLOW_COMMAND, gtk_list_box_row_new (), is_heading ? NULL : gtk_image_new () };

  gtk_widget_set_margin_start (box, is_heading ? 12 : 24);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_top (box, is_heading ? 12 : 6);
  gtk_widget_set_margin_bottom (box, 6);
  if (row.icon)
    gtk_box_append (GTK_BOX (box), row.icon);
  gtk_box_append (GTK_BOX (box), make_label (text, is_heading));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row.row), box);
  gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (row.row), FALSE);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row.row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row.row), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row.row);
  g_array_append_val (self->rows, row);
}

static void
set_icon (Row        *row,
          const char *icon_name,
          const char *css_class,
          const char *description)
{
  static const char *const classes[] = { "success", "error", "accent" };

  if (!row->icon)
    return;
  gtk_image_set_from_icon_name (GTK_IMAGE (row->icon), icon_name);
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (row->icon, classes[i]);
  if (css_class)
    gtk_widget_add_css_class (row->icon, css_class);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

static Row *
get_row (PhoneLabSteps *self,
         int            i)
{
  return i >= 0 && i < (int) self->rows->len ? &g_array_index (self->rows, Row, i) : NULL;
}

/* What a phone shows is told when it changes: flows look at it again and again. Returns: whether @step says what is known */
static gboolean
is_known (GHashTable          *shown,
          const PhoneFlowStep *step)
{
  g_autofree char *words = NULL;
  char *what;

  if (step->kind != PHONE_FLOW_SOFTKEYS && step->kind != PHONE_FLOW_LAMP)
    return FALSE;
  what = g_strdup_printf ("%u %s", step->phone, step->kind == PHONE_FLOW_LAMP ? step->words[0] : "softkeys");
  words = join (step->words, " ");
  if (g_strcmp0 (g_hash_table_lookup (shown, what), words) == 0)
    {
      g_free (what);
      return TRUE;
    }
  g_hash_table_replace (shown, what, g_steal_pointer (&words));

  return FALSE;
}

/**
 * phone_lab_steps_show:
 * @script: a flow; what its included files do is not shown
 */
void
phone_lab_steps_show (PhoneLabSteps         *self,
                      const PhoneFlowScript *script)
{
  GtkWidget *child;
  const PhoneFlowStep *last;
  g_autoptr (GHashTable) shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_return_if_fail (PHONE_IS_LAB_STEPS (self) && script->steps->len > 0);

  while ((child = gtk_widget_get_first_child (self->list)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), child);
  g_array_set_size (self->rows, 0);
  self->current = -1;

  last = g_ptr_array_index (script->steps, script->steps->len - 1);
  for (guint i = 0; i < script->steps->len; i++)
    {
      const PhoneFlowStep *step = g_ptr_array_index (script->steps, i);
      g_autofree char *text = g_str_equal (step->file, last->file) ? phone_lab_steps_dup_sentence (script, step) : NULL;

      if (text && !is_known (shown, step))
        add_row (self, i, step->kind, text);
    }
}

/* Keeps the row that runs, and what comes next, in sight. */
static void
scroll_to (PhoneLabSteps *self,
           GtkWidget     *row)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller));
  graphene_point_t from = GRAPHENE_POINT_INIT_ZERO, to;

  if (gtk_widget_compute_point (row, self->list, &from, &to))
    gtk_adjustment_set_value (adjustment, to.y - gtk_adjustment_get_page_size (adjustment) / 3);
}

/* What a person is told to do is done when what comes of it is seen. Returns: the first row that is not done at @step. */
static guint
find_first_open (PhoneLabSteps *self,
                 guint          step,
                 gboolean       by_hand)
{
  guint first = 0;

  for (guint i = 0; i < self->rows->len && get_row (self, (int) i)->step < step; i++)
    if (!by_hand || !get_row (self, (int) i)->is_action)
      first = i + 1;

  return first;
}

/**
 * phone_lab_steps_begin:
 * @step: index of the flow's step that begins; those before it are done
 * @by_hand: whether a person does it
 */
void
phone_lab_steps_begin (PhoneLabSteps *self,
                       guint          step,
                       gboolean       by_hand)
{
  guint first;

  g_return_if_fail (PHONE_IS_LAB_STEPS (self));

  first = find_first_open (self, step, by_hand);
  for (guint i = 0; i < self->rows->len && get_row (self, (int) i)->step <= step; i++)
    {
      if (i < first)
        set_icon (get_row (self, (int) i), "object-select-symbolic", "success", _ ("done"));
      else
        set_icon (get_row (self, (int) i), "media-playback-start-symbolic", "accent", _ ("now"));
    }
  if (!get_row (self, (int) first))
    return;
  self->current = (int) first;
  scroll_to (self, get_row (self, (int) first)->row);
}

/**
 * phone_lab_steps_finish:
 * @passed: whether the flow went as it should; else the row that ran is marked
 */
void
phone_lab_steps_finish (PhoneLabSteps *self,
                        gboolean       passed)
{
  Row *row;

  g_return_if_fail (PHONE_IS_LAB_STEPS (self));

  row = get_row (self, self->current);
  if (passed)
    phone_lab_steps_begin (self, G_MAXUINT, FALSE);
  else if (row)
    set_icon (row, "dialog-error-symbolic", "error", _ ("failed"));
}

/**
 * phone_lab_steps_clear:
 *
 * Nothing is done yet.
 */
void
phone_lab_steps_clear (PhoneLabSteps *self)
{
  g_return_if_fail (PHONE_IS_LAB_STEPS (self));

  for (guint i = 0; i < self->rows->len; i++)
    set_icon (get_row (self, (int) i), NULL, NULL, "");
  self->current = -1;
}

static void
phone_lab_steps_dispose (GObject *object)
{
  PhoneLabSteps *self = PHONE_LAB_STEPS (object);

  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  G_OBJECT_CLASS (phone_lab_steps_parent_class)->dispose (object);
}

static void
phone_lab_steps_finalize (GObject *object)
{
  g_array_unref (PHONE_LAB_STEPS (object)->rows);
  G_OBJECT_CLASS (phone_lab_steps_parent_class)->finalize (object);
}

static void
phone_lab_steps_class_init (PhoneLabStepsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = phone_lab_steps_dispose;
  G_OBJECT_CLASS (klass)->finalize = phone_lab_steps_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
phone_lab_steps_init (PhoneLabSteps *self)
{
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  self->current = -1;
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), self->list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (self->scroller, TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

GtkWidget *
phone_lab_steps_new (void)
{
  return g_object_new (PHONE_TYPE_LAB_STEPS, NULL);
}
