/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-lab"

#include "lab-window.h"

#include "lab-steps.h"
#include "ladder-view.h"
#include "trace-words.h"

#include <glib/gi18n.h>

/* How long it rests after each key. */
static const struct {
  const char *name;
  guint       ms;
} speeds[] = { { N_ ("Slow"), 1500 }, { N_ ("Medium"), 500 }, { N_ ("Fast"), 0 } };

struct _PhoneLabWindow {
  AdwApplicationWindow parent_instance;
  PhoneLabPlayer      *player;
  GtkWidget           *flows;
  GtkWidget           *stack;      /* "wait", "broken", "steps" */
  GtkWidget           *broken;
  GtkWidget           *title;
  GtkWidget           *verdict;
  PhoneLabSteps       *steps;
  PhoneLadderView     *ladder;
  GtkWidget           *meaning;
  GtkWidget           *play;
  GtkWidget           *by_hand;
  GtkWidget           *stop;
  GtkWidget           *speed;
  PhoneLabState        state;
  gboolean             hand;       /* what runs is done by hand */
};

G_DEFINE_FINAL_TYPE (PhoneLabWindow, phone_lab_window, ADW_TYPE_APPLICATION_WINDOW)

static int
get_selected (PhoneLabWindow *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (GTK_LIST_BOX (self->flows));

  return row ? gtk_list_box_row_get_index (row) : -1;
}

static void
update (PhoneLabWindow *self)
{
  gboolean ready = self->state == PHONE_LAB_READY && get_selected (self) >= 0;

  gtk_widget_set_sensitive (self->play, ready);
  gtk_widget_set_sensitive (self->by_hand, ready);
  gtk_widget_set_sensitive (self->flows, self->state == PHONE_LAB_READY);
  gtk_widget_set_sensitive (self->stop, self->state == PHONE_LAB_PLAYING);
}

static void
say (PhoneLabWindow *self,
     const char     *text,
     const char     *css_class)
{
  gtk_widget_remove_css_class (self->verdict, "success");
  gtk_widget_remove_css_class (self->verdict, "error");
  if (css_class)
    gtk_widget_add_css_class (self->verdict, css_class);
  gtk_label_set_text (GTK_LABEL (self->verdict), text);
}

static void
on_selected (GtkListBox     *list,
             GtkListBoxRow  *row,
             PhoneLabWindow *self)
{
  int index = get_selected (self);
  const PhoneFlowScript *script;

  if (index >= 0)
    {
      script = g_ptr_array_index (phone_lab_player_get_flows (self->player), index);
      gtk_label_set_text (GTK_LABEL (self->title), script->title);
      phone_lab_steps_show (self->steps, script);
      phone_ladder_view_show (self->ladder, phone_trace_ladder_new (NULL));
      say (self, "", NULL);
    }
  update (self);
}

static void
fill_flows (PhoneLabWindow *self)
{
  GPtrArray *flows = phone_lab_player_get_flows (self->player);

  if (gtk_widget_get_first_child (self->flows))
    return;
  for (guint i = 0; i < flows->len; i++)
    {
      const PhoneFlowScript *script = g_ptr_array_index (flows, i);
      GtkWidget *label = gtk_label_new (script->title);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_widget_set_margin_top (label, 9);
      gtk_widget_set_margin_bottom (label, 9);
      gtk_list_box_append (GTK_LIST_BOX (self->flows), label);
    }
  gtk_list_box_select_row (GTK_LIST_BOX (self->flows), gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->flows), 0));
}

static void
on_state (PhoneLabPlayer *player,
          guint           state,
          const char     *text,
          PhoneLabWindow *self)
{
  g_autofree char *markup = g_markup_escape_text (text ? text : "", -1);

  self->state = state;
  switch ((PhoneLabState) state)
    {
    case PHONE_LAB_STARTING:
      break;
    case PHONE_LAB_BROKEN:
      adw_status_page_set_description (ADW_STATUS_PAGE (self->broken), markup);
      gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "broken");
      break;
    case PHONE_LAB_READY:
    case PHONE_LAB_PLAYING:
      fill_flows (self);
      gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "steps");
      break;
    }
  update (self);
}

static void
on_step (PhoneLabPlayer *player,
         guint           step,
         PhoneLabWindow *self)
{
  phone_lab_steps_begin (self->steps, step, self->hand);
}

static void
on_played (PhoneLabPlayer *player,
           guint           passed,
           const char     *text,
           PhoneLabWindow *self)
{
  phone_lab_steps_finish (self->steps, passed);
  if (passed)
    say (self, _ ("The flow is complete."), "success");
  else
    say (self, text, "error");
}

static void
on_ladder (PhoneLabPlayer   *player,
           PhoneTraceLadder *ladder,
           PhoneLabWindow   *self)
{
  phone_ladder_view_show (self->ladder, ladder);
}

/* What the chosen message means. */
static void
on_chosen (PhoneLadderView      *view,
           const PhoneTraceStep *step,
           PhoneLabWindow       *self)
{
  g_autofree char *meaning = step ? phone_trace_words_dup_meaning (step->record) : g_strdup (_ ("Choose a step."));

  gtk_label_set_text (GTK_LABEL (self->meaning), meaning);
  if (step)
    gtk_widget_remove_css_class (self->meaning, "dim-label");
  else
    gtk_widget_add_css_class (self->meaning, "dim-label");
}

static void
begin (PhoneLabWindow *self,
       gboolean        by_hand)
{
  guint speed = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->speed));

  if (get_selected (self) < 0 || self->state != PHONE_LAB_READY)
    return;
  self->hand = by_hand;
  self->state = PHONE_LAB_PLAYING;
  phone_lab_steps_clear (self->steps);
  say (self, by_hand ? _ ("Press the keys of the phones; what is right is ticked off.") : "", NULL);
  phone_lab_player_play (self->player, (guint) get_selected (self), by_hand, speeds[MIN (speed, G_N_ELEMENTS (speeds) - 1)].ms);
  update (self);
}

static void
on_play (GtkButton      *button,
         PhoneLabWindow *self)
{
  begin (self, FALSE);
}

static void
on_by_hand (GtkButton      *button,
            PhoneLabWindow *self)
{
  begin (self, TRUE);
}

static void
on_stop (GtkButton      *button,
         PhoneLabWindow *self)
{
  phone_lab_player_stop (self->player);
}

static GtkWidget *
make_button (PhoneLabWindow *self,
             const char     *icon_name,
             const char     *label,
             GCallback       clicked)
{
  GtkWidget *content = adw_button_content_new ();
  GtkWidget *button = gtk_button_new ();

  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), icon_name);
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), label);
  gtk_button_set_child (GTK_BUTTON (button), content);
  g_signal_connect (button, "clicked", clicked, self);

  return button;
}

static GtkWidget *
make_speed (void)
{
  const char *names[G_N_ELEMENTS (speeds) + 1] = { NULL };
  GtkWidget *speed;

  for (guint i = 0; i < G_N_ELEMENTS (speeds); i++)
    names[i] = _ (speeds[i].name);
  speed = gtk_drop_down_new_from_strings (names);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (speed), 1);
  gtk_widget_set_tooltip_text (speed, _ ("How fast the keys are pressed"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (speed), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Speed"), -1);

  return speed;
}

static GtkWidget *
make_header (PhoneLabWindow *self)
{
  GtkWidget *header = adw_header_bar_new ();

  self->play = make_button (self, "media-playback-start-symbolic", _ ("Play"), G_CALLBACK (on_play));
  gtk_widget_add_css_class (self->play, "suggested-action");
  self->by_hand = make_button (self, "input-dialpad-symbolic", _ ("By Hand"), G_CALLBACK (on_by_hand));
  self->stop = make_button (self, "media-playback-stop-symbolic", _ ("Stop"), G_CALLBACK (on_stop));
  self->speed = make_speed ();
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), self->play);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), self->by_hand);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), self->stop);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), self->speed);

  return header;
}

static GtkWidget *
make_waiting (void)
{
  GtkWidget *page = adw_status_page_new ();
  GtkWidget *spinner = gtk_spinner_new ();

  adw_status_page_set_title (ADW_STATUS_PAGE (page), _ ("The phones are being started"));
  gtk_widget_set_size_request (spinner, 32, 32);
  gtk_spinner_start (GTK_SPINNER (spinner));
  adw_status_page_set_child (ADW_STATUS_PAGE (page), spinner);

  return page;
}

static GtkWidget *
make_flow_page (PhoneLabWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->title = gtk_label_new ("");
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_label_set_wrap (GTK_LABEL (self->title), TRUE);
  gtk_widget_add_css_class (self->title, "title-2");
  self->steps = PHONE_LAB_STEPS (phone_lab_steps_new ());
  self->verdict = gtk_label_new ("");
  gtk_label_set_xalign (GTK_LABEL (self->verdict), 0);
  gtk_label_set_wrap (GTK_LABEL (self->verdict), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->verdict), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (self->verdict), TRUE);
  gtk_widget_set_margin_start (box, 18);
  gtk_widget_set_margin_end (box, 18);
  gtk_widget_set_margin_top (box, 18);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_box_append (GTK_BOX (box), self->title);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->steps));
  gtk_box_append (GTK_BOX (box), self->verdict);

  return box;
}

/* What the phones say to each other, as in the guides' figures. */
static GtkWidget *
make_ladder (PhoneLabWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->ladder = PHONE_LADDER_VIEW (phone_ladder_view_new ());
  g_signal_connect_object (self->ladder, "chosen", G_CALLBACK (on_chosen), self, 0);
  gtk_widget_set_hexpand (GTK_WIDGET (self->ladder), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self->ladder), TRUE);
  self->meaning = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->meaning), 0);
  gtk_label_set_wrap (GTK_LABEL (self->meaning), TRUE);
  /* Two lines, so that the ladder does not jump when one is chosen. */
  gtk_label_set_lines (GTK_LABEL (self->meaning), 2);
  gtk_label_set_ellipsize (GTK_LABEL (self->meaning), PANGO_ELLIPSIZE_END);
  gtk_widget_set_size_request (self->meaning, -1, 44);
  gtk_widget_set_margin_start (self->meaning, 12);
  gtk_widget_set_margin_end (self->meaning, 12);
  gtk_widget_set_margin_bottom (self->meaning, 6);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->ladder));
  gtk_box_append (GTK_BOX (box), self->meaning);
  on_chosen (self->ladder, NULL, self);

  return box;
}

static GtkWidget *
make_side (PhoneLabWindow *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->flows = gtk_list_box_new ();
  gtk_widget_add_css_class (self->flows, "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->flows), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Call flows"), -1);
  g_signal_connect (self->flows, "row-selected", G_CALLBACK (on_selected), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->flows);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request (scroller, 220, -1);

  return scroller;
}

static void
make_content (PhoneLabWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *columns = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *panes = gtk_paned_new (GTK_ORIENTATION_HORIZONTAL);

  self->stack = gtk_stack_new ();
  self->broken = adw_status_page_new ();
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (self->broken), "dialog-error-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (self->broken), _ ("The laboratory could not be started"));
  gtk_stack_add_named (GTK_STACK (self->stack), make_waiting (), "wait");
  gtk_stack_add_named (GTK_STACK (self->stack), self->broken, "broken");
  gtk_stack_add_named (GTK_STACK (self->stack), make_flow_page (self), "steps");
  gtk_widget_set_hexpand (self->stack, TRUE);
  gtk_widget_set_vexpand (columns, TRUE);

  gtk_box_append (GTK_BOX (box), make_header (self));
  gtk_box_append (GTK_BOX (columns), make_side (self));
  gtk_box_append (GTK_BOX (columns), gtk_separator_new (GTK_ORIENTATION_VERTICAL));
  gtk_paned_set_start_child (GTK_PANED (panes), self->stack);
  gtk_paned_set_shrink_start_child (GTK_PANED (panes), FALSE);
  gtk_paned_set_resize_start_child (GTK_PANED (panes), FALSE);
  gtk_paned_set_end_child (GTK_PANED (panes), make_ladder (self));
  gtk_paned_set_position (GTK_PANED (panes), 400);
  gtk_widget_set_hexpand (panes, TRUE);
  gtk_box_append (GTK_BOX (columns), panes);
  gtk_box_append (GTK_BOX (box), columns);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self), box);
}

static void
phone_lab_window_dispose (GObject *object)
{
  PhoneLabWindow *self = PHONE_LAB_WINDOW (object);

  if (self->player)
    g_signal_handlers_disconnect_by_data (self->player, self);
  g_clear_object (&self->player);
  G_OBJECT_CLASS (phone_lab_window_parent_class)->dispose (object);
}

static void
phone_lab_window_class_init (PhoneLabWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = phone_lab_window_dispose;
}

static void
phone_lab_window_init (PhoneLabWindow *self)
{
  gtk_window_set_title (GTK_WINDOW (self), _ ("Deskset Laboratory"));
  gtk_window_set_default_size (GTK_WINDOW (self), 1320, 760);
  make_content (self);
  update (self);
}

/**
 * phone_lab_window_new:
 * @player: not started yet
 */
GtkWidget *
phone_lab_window_new (GtkApplication *application,
                      PhoneLabPlayer *player)
{
  PhoneLabWindow *self = g_object_new (PHONE_TYPE_LAB_WINDOW, "application", application, NULL);

  self->player = g_object_ref (player);
  g_signal_connect (player, "state", G_CALLBACK (on_state), self);
  g_signal_connect (player, "step", G_CALLBACK (on_step), self);
  g_signal_connect (player, "played", G_CALLBACK (on_played), self);
  g_signal_connect (player, "ladder", G_CALLBACK (on_ladder), self);

  return GTK_WIDGET (self);
}
