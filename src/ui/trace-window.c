/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "trace-window.h"

#include "ladder-view.h"
#include "texts.h"
#include "trace-pcap.h"
#include "trace-words.h"

#include <string.h>

/* How often it looks whether there is something new. */
#define LOOK_MS 200
/* Newest steps that are drawn: more is for files. */
#define MAX_STEPS 1000
#define MAX_CALLS 100

struct _PhoneTraceWindow {
  AdwWindow           parent_instance;

  PhoneTrace         *trace;
  guint               call;         /* 0: all */
  guint64             last;         /* newest message that was seen */
  gboolean            paused;
  gboolean            filling;      /* the list of calls: its changes are ours */
  guint               look_id;

  GtkFilter          *filter;
  GtkStringList      *calls;
  GArray             *call_ids;     /* guint: behind the entries of calls */

  GtkWidget          *call_list;
  PhoneLadderView    *view;
  GtkWidget          *search;
  GtkWidget          *meaning;
  GtkWidget          *facts;
  GtkWidget          *text;
  AdwToastOverlay    *toasts;
};

G_DEFINE_FINAL_TYPE (PhoneTraceWindow, phone_trace_window, ADW_TYPE_WINDOW)

/* --- what is shown ------------------------------------------------------------------------------------------------ */

static GPtrArray *
list_records (PhoneTraceWindow *self)
{
  GPtrArray *records = phone_trace_list (self->trace, self->call);

  if (records->len > MAX_STEPS)
    g_ptr_array_remove_range (records, 0, records->len - MAX_STEPS);
  return records;
}

/* The calls there are messages of, the newest first, behind "All messages". */
static void
fill_calls (PhoneTraceWindow *self,
            GPtrArray        *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      guint call = phone_trace_find_call (self->trace, ((const PhoneTraceRecord *) records->pdata[i])->call_id);
      gboolean known = call == 0;
      g_autofree char *name = NULL;

      for (guint k = 0; k < self->call_ids->len && !known; k++)
        known = g_array_index (self->call_ids, guint, k) == call;
      if (known || self->call_ids->len > MAX_CALLS)
        continue;
      /* Translators: in a list of calls: its number since the phone was started */
      name = g_strdup_printf (_("Call %u"), call);
      self->filling = TRUE;
      gtk_string_list_append (self->calls, name);
      self->filling = FALSE;
      g_array_append_val (self->call_ids, call);
    }
}

static void
look (PhoneTraceWindow *self)
{
  g_autoptr (GPtrArray) all = phone_trace_list (self->trace, 0);
  g_autoptr (GPtrArray) records = NULL;

  self->last = all->len > 0 ? ((const PhoneTraceRecord *) all->pdata[all->len - 1])->number : 0;
  fill_calls (self, all);
  records = list_records (self);
  phone_ladder_view_show (self->view, phone_trace_ladder_new (records));
}

static gboolean
on_look (gpointer user_data)
{
  PhoneTraceWindow *self = user_data;

  if (!self->paused && gtk_widget_get_mapped (GTK_WIDGET (self)) && phone_trace_get_last (self->trace) != self->last)
    look (self);
  return G_SOURCE_CONTINUE;
}

/* --- one step ------------------------------------------------------------------------------------------------------ */

static char *
dup_facts (const PhoneTraceStep *step)
{
  const PhoneTraceRecord *record = step->record;
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (record->wall_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);
  g_autofree char *clock = g_date_time_format (local, "%X");

  /* Translators: time, milliseconds, seconds since the message before, transport, from, to, length */
  return g_strdup_printf (_("%s.%03d · %.3f s after the one before · %s %s:%u → %s:%u · %u bytes"), clock,
                          (int) (record->wall_us / 1000 % 1000), (double) step->since_us / G_USEC_PER_SEC,
                          phone_trace_transport_to_string (record->transport), record->sent ? record->local : record->remote,
                          record->sent ? record->local_port : record->remote_port, record->sent ? record->remote : record->local,
                          record->sent ? record->remote_port : record->local_port, (guint) record->whole_length);
}

static void
on_chosen (PhoneTraceWindow     *self,
           const PhoneTraceStep *step)
{
  g_autofree char *meaning = step ? phone_trace_words_dup_meaning (step->record) : g_strdup (_("Choose a step."));
  g_autofree char *facts = step ? dup_facts (step) : g_strdup ("");
  g_autofree char *text = step ? g_utf8_make_valid (step->record->text, (gssize) step->record->length) : g_strdup ("");
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  g_autofree char *plain = g_strjoinv ("\n", lines);

  gtk_label_set_text (GTK_LABEL (self->meaning), meaning);
  gtk_label_set_text (GTK_LABEL (self->facts), facts);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text)), plain, -1);
}

/* --- choosing ------------------------------------------------------------------------------------------------------ */

static void
on_call_chosen (PhoneTraceWindow *self)
{
  guint chosen = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->call_list));

  if (self->filling || chosen >= self->call_ids->len)
    return;
  self->call = g_array_index (self->call_ids, guint, chosen);
  look (self);
}

static gboolean
matches (gpointer item,
         gpointer user_data)
{
  PhoneTraceWindow *self = user_data;
  const char *words = gtk_editable_get_text (GTK_EDITABLE (self->search));
  const PhoneTraceRecord *record = phone_ladder_item_get_step (item)->record;
  g_autofree char *text = NULL;
  g_autofree char *folded = NULL;
  g_autofree char *wanted = NULL;

  if (*words == '\0')
    return TRUE;
  text = g_utf8_make_valid (record->text, (gssize) record->length);
  folded = g_utf8_casefold (text, -1);
  wanted = g_utf8_casefold (words, -1);

  return strstr (folded, wanted) != NULL;
}

static void
on_search (PhoneTraceWindow *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static void
on_pause (GtkToggleButton  *button,
          PhoneTraceWindow *self)
{
  self->paused = gtk_toggle_button_get_active (button);
}

/* --- files --------------------------------------------------------------------------------------------------------- */

static void
tell (PhoneTraceWindow *self,
      const char       *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
}

static gboolean
write_bytes (const char  *path,
             const char  *data,
             gsize        length,
             GError     **error)
{
  /* Who calls whom is nobody else's business. */
  return g_file_set_contents_full (path, data, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/**
 * phone_trace_window_save:
 * @path: its end says what is written: .txt, .png, .pcap, else SVG
 *
 * Writes what is chosen by call, whatever is searched for, and more than is drawn.
 */
gboolean
phone_trace_window_save (PhoneTraceWindow *self,
                         const char       *path,
                         GError          **error)
{
  g_autoptr (GPtrArray) records = phone_trace_list (self->trace, self->call);
  g_autoptr (PhoneTraceLadder) ladder = NULL;

  if (g_str_has_suffix (path, ".pcap"))
    {
      g_autoptr (GBytes) pcap = phone_trace_write_pcap (records);
      gsize length;
      const char *data = g_bytes_get_data (pcap, &length);

      return write_bytes (path, data, length, error);
    }
  ladder = phone_trace_ladder_new (records);
  if (g_str_has_suffix (path, ".txt"))
    {
      g_autofree char *text = phone_trace_ladder_to_text (ladder, TRUE);

      return write_bytes (path, text, strlen (text), error);
    }

  return phone_ladder_write (ladder, path, error);
}

static void
on_file_chosen (GtkNativeDialog  *dialog,
                int               response,
                PhoneTraceWindow *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autofree char *path = file ? g_file_get_path (file) : NULL;
  g_autoptr (GError) error = NULL;

  if (path && !phone_trace_window_save (self, path, &error))
    tell (self, error->message);
  g_object_unref (dialog);
}

static void
on_save (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("Save Call Flow"), GTK_WINDOW (widget), GTK_FILE_CHOOSER_ACTION_SAVE,
                                                              NULL, NULL);
  g_autofree char *name = g_strdup_printf ("%s.%s", _("call-flow"), g_variant_get_string (parameter, NULL));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_file_chosen), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- building ------------------------------------------------------------------------------------------------------ */

static GtkWidget *
make_label (const char *css_class,
            gboolean    selectable)
{
  GtkWidget *label = gtk_label_new ("");

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_selectable (GTK_LABEL (label), selectable);
  gtk_widget_add_css_class (label, css_class);
  gtk_widget_set_margin_start (label, 12);
  gtk_widget_set_margin_end (label, 12);
  gtk_widget_set_margin_top (label, 6);

  return label;
}

static GtkWidget *
make_details (PhoneTraceWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->meaning = make_label ("heading", FALSE);
  self->facts = make_label ("dim-label", TRUE);
  self->text = gtk_text_view_new ();
  gtk_text_view_set_editable (GTK_TEXT_VIEW (self->text), FALSE);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (self->text), TRUE);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (self->text), 12);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (self->text), 6);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Text of the message"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->text);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_widget_set_margin_top (scroller, 6);
  gtk_box_append (GTK_BOX (box), self->meaning);
  gtk_box_append (GTK_BOX (box), self->facts);
  gtk_box_append (GTK_BOX (box), scroller);

  return box;
}

static GtkWidget *
make_save_button (void)
{
  static const struct { const char *label; const char *kind; } kinds[] = {
    { N_("Save as _Text…"), "txt" }, { N_("Save as _Picture…"), "png" }, { N_("Save as _Drawing (SVG)…"), "svg" },
    { N_("Save as _Capture (Wireshark)…"), "pcap" },
  };
  g_autoptr (GMenu) menu = g_menu_new ();
  GtkWidget *button = gtk_menu_button_new ();

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (_(kinds[i].label), NULL);

      g_menu_item_set_action_and_target (item, "trace.save", "s", kinds[i].kind);
      g_menu_append_item (menu, item);
    }
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "document-save-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_set_tooltip_text (button, _("Save"));

  return button;
}

static GtkWidget *
make_header (PhoneTraceWindow *self,
             GtkWidget        *search_bar)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *pause = gtk_toggle_button_new ();
  GtkWidget *search = gtk_toggle_button_new ();

  self->calls = gtk_string_list_new (NULL);
  gtk_string_list_append (self->calls, _("All Messages"));
  self->call_list = gtk_drop_down_new (g_object_ref (G_LIST_MODEL (self->calls)), NULL);
  gtk_widget_set_tooltip_text (self->call_list, _("Which call"));
  g_signal_connect_object (self->call_list, "notify::selected", G_CALLBACK (on_call_chosen), self, G_CONNECT_SWAPPED);
  gtk_button_set_icon_name (GTK_BUTTON (pause), "media-playback-pause-symbolic");
  gtk_widget_set_tooltip_text (pause, _("Pause"));
  g_signal_connect_object (pause, "toggled", G_CALLBACK (on_pause), self, 0);
  gtk_button_set_icon_name (GTK_BUTTON (search), "edit-find-symbolic");
  gtk_widget_set_tooltip_text (search, _("Search"));
  g_object_bind_property (search, "active", search_bar, "search-mode-enabled", G_BINDING_BIDIRECTIONAL);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), self->call_list);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), make_save_button ());
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), pause);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), search);

  return header;
}

static GtkWidget *
make_search (PhoneTraceWindow *self)
{
  GtkWidget *bar = gtk_search_bar_new ();

  self->search = gtk_search_entry_new ();
  gtk_widget_set_hexpand (self->search, TRUE);
  g_signal_connect_object (self->search, "search-changed", G_CALLBACK (on_search), self, G_CONNECT_SWAPPED);
  gtk_search_bar_set_child (GTK_SEARCH_BAR (bar), self->search);
  gtk_search_bar_connect_entry (GTK_SEARCH_BAR (bar), GTK_EDITABLE (self->search));
  gtk_search_bar_set_key_capture_widget (GTK_SEARCH_BAR (bar), GTK_WIDGET (self));

  return bar;
}

static void
build (PhoneTraceWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *panes = gtk_paned_new (GTK_ORIENTATION_VERTICAL);
  GtkWidget *search = make_search (self);

  self->view = PHONE_LADDER_VIEW (phone_ladder_view_new ());
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  phone_ladder_view_set_filter (self->view, self->filter);
  g_signal_connect_object (self->view, "chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
  gtk_paned_set_start_child (GTK_PANED (panes), GTK_WIDGET (self->view));
  gtk_paned_set_end_child (GTK_PANED (panes), make_details (self));
  gtk_paned_set_position (GTK_PANED (panes), 380);
  gtk_paned_set_shrink_start_child (GTK_PANED (panes), FALSE);
  gtk_widget_set_vexpand (panes, TRUE);
  self->toasts = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  adw_toast_overlay_set_child (self->toasts, panes);
  gtk_box_append (GTK_BOX (box), make_header (self, search));
  gtk_box_append (GTK_BOX (box), search);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->toasts));
  adw_window_set_content (ADW_WINDOW (self), box);
  gtk_window_set_title (GTK_WINDOW (self), _("Call Flow"));
  gtk_window_set_default_size (GTK_WINDOW (self), 760, 720);
}

static void
phone_trace_window_dispose (GObject *object)
{
  PhoneTraceWindow *self = PHONE_TRACE_WINDOW (object);

  g_clear_handle_id (&self->look_id, g_source_remove);
  G_OBJECT_CLASS (phone_trace_window_parent_class)->dispose (object);
  g_clear_object (&self->filter);
  g_clear_object (&self->calls);
}

static void
phone_trace_window_finalize (GObject *object)
{
  PhoneTraceWindow *self = PHONE_TRACE_WINDOW (object);

  g_clear_pointer (&self->trace, phone_trace_unref);
  g_array_unref (self->call_ids);
  G_OBJECT_CLASS (phone_trace_window_parent_class)->finalize (object);
}

static void
phone_trace_window_class_init (PhoneTraceWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = phone_trace_window_dispose;
  object_class->finalize = phone_trace_window_finalize;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "trace.save", "s", on_save);
}

static void
phone_trace_window_init (PhoneTraceWindow *self)
{
  guint all = 0;

  self->call_ids = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_val (self->call_ids, all);
  build (self);
}

/**
 * phone_trace_window_new:
 * @trace: what it looks at
 */
GtkWidget *
phone_trace_window_new (PhoneTrace *trace)
{
  PhoneTraceWindow *self;

  g_return_val_if_fail (trace != NULL, NULL);

  self = g_object_new (PHONE_TYPE_TRACE_WINDOW, NULL);
  self->trace = phone_trace_ref (trace);
  look (self);
  on_chosen (self, NULL);
  self->look_id = g_timeout_add (LOOK_MS, on_look, self);

  return GTK_WIDGET (self);
}
