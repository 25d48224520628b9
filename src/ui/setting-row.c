/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "deskset-ui"

#include "setting-row.h"
#include "texts.h"

#include <adwaita.h>
#include <string.h>

/* A number with more values than this is typed, not stepped through. */
#define MAX_STEPS 120

/* What a row knows; lives as long as the row's widget. */
typedef struct {
  const PhoneSettingAccess *access;
  PhoneSettingId            id;
  guint                     x;
  guint                     y;
  char                     *key;
  char                     *title;
  GtkWidget                *row;      /* where the reason of a refusal is shown; nullable */
  GtkWidget                *control;  /* what holds the value */
  char                    **values;   /* of a list, in its order */
  gboolean                  filling;  /* we change the control, not the user */
} Row;

static void
row_free (gpointer data,
          GClosure *closure)
{
  Row *row = data;

  g_free (row->key);
  g_free (row->title);
  g_strfreev (row->values);
  g_free (row);
}

static const char *
read_value (Row *row)
{
  return phone_settings_get_string (row->access->settings, row->id, row->x, row->y);
}

static void
show_reason (Row *row,
             const char *reason)
{
  if (!row->row)
    return;

  if (reason)
    gtk_widget_add_css_class (row->row, "error");
  else
    gtk_widget_remove_css_class (row->row, "error");

  if (ADW_IS_ENTRY_ROW (row->row))
    {
      /* An entry row has no subtitle: the title says what is wrong. */
      g_autofree char *text = reason ? g_strdup_printf ("%s — %s", row->title, reason) : NULL;

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row->row), text ? text : row->title);
    }
  else if (ADW_IS_ACTION_ROW (row->row))
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row->row), reason ? reason : "");
}

static void
write_value (Row *row,
             const char *value)
{
  g_autoptr (GError) error = NULL;

  if (row->filling || g_str_equal (value, read_value (row)))
    {
      show_reason (row, NULL);
      return;
    }

  if (row->access->write (row->key, value, row->access->user_data, &error))
    show_reason (row, NULL);
  else
    show_reason (row, error->message);
}

static guint
find_value (Row *row)
{
  const char *value = read_value (row);

  for (guint i = 0; row->values[i]; i++)
    if (g_str_equal (row->values[i], value))
      return i;

  return GTK_INVALID_LIST_POSITION;
}

/* Has the control show the value in force. A text the user is just editing is left alone. */
static void
fill (Row *row)
{
  row->filling = TRUE;
  if (GTK_IS_SWITCH (row->control))
    gtk_switch_set_active (GTK_SWITCH (row->control),
                           phone_settings_get_bool (row->access->settings, row->id, row->x, row->y));
  else if (GTK_IS_SPIN_BUTTON (row->control))
    gtk_spin_button_set_value (GTK_SPIN_BUTTON (row->control),
                               phone_settings_get_int (row->access->settings, row->id, row->x, row->y));
  else if (ADW_IS_COMBO_ROW (row->control))
    adw_combo_row_set_selected (ADW_COMBO_ROW (row->control), find_value (row));
  else if (!(gtk_widget_get_state_flags (row->control) & GTK_STATE_FLAG_FOCUS_WITHIN) &&
           !g_str_equal (gtk_editable_get_text (GTK_EDITABLE (row->control)), read_value (row)))
    gtk_editable_set_text (GTK_EDITABLE (row->control), read_value (row));
  row->filling = FALSE;
}

static void
on_setting_changed (GtkWidget *control,
                    const char *key,
                    int layer,
                    PhoneSettings *settings)
{
  Row *row = g_object_get_data (G_OBJECT (control), "deskset-row");

  if (g_str_equal (key, row->key))
    fill (row);
}

static void
on_switched (GObject *control,
             GParamSpec *pspec,
             Row *row)
{
  write_value (row, gtk_switch_get_active (GTK_SWITCH (control)) ? "1" : "0");
}

static void
on_stepped (GtkSpinButton *control,
            Row *row)
{
  g_autofree char *text = g_strdup_printf ("%d", gtk_spin_button_get_value_as_int (control));

  write_value (row, text);
}

static void
on_selected (AdwComboRow *control,
             GParamSpec *pspec,
             Row *row)
{
  guint i = adw_combo_row_get_selected (control);

  if (i != GTK_INVALID_LIST_POSITION)
    write_value (row, row->values[i]);
}

static void
on_applied (GtkEditable *control,
            Row *row)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (control));

  write_value (row, g_strstrip (text));
}

static void
on_edited (GtkEditable *control,
           Row *row)
{
  if (!row->filling)
    show_reason (row, NULL);
}

/* Ties @control to the setting. The closure of @signal owns the Row, so both go together. */
static void
connect_row (Row *row,
             GtkWidget *control,
             GtkWidget *shown,
             const char *signal,
             GCallback callback)
{
  row->control = control;
  row->row = shown;
  g_object_set_data (G_OBJECT (control), "deskset-row", row);
  fill (row);
  g_signal_connect_data (control, signal, callback, row, row_free, 0);
  g_signal_connect_object (row->access->settings, "changed", G_CALLBACK (on_setting_changed), control,
                           G_CONNECT_SWAPPED);
}

static Row *
row_new (const PhoneSettingAccess *access,
         PhoneSettingId id,
         guint x,
         guint y)
{
  Row *row = g_new0 (Row, 1);

  row->access = access;
  row->id = id;
  row->x = x;
  row->y = y;
  row->key = phone_setting_format_key (id, x, y);
  row->title = phone_setting_dup_title (phone_setting_get_info (id));

  return row;
}

static void
dress (GtkWidget *widget,
       Row *row)
{
  g_autofree char *tooltip = NULL;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (widget), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (widget), row->title);
  tooltip = phone_setting_get_info (row->id)->restart
              ? g_strdup_printf ("%s\n%s", row->key, _ ("Takes effect when the phone starts again"))
              : g_strdup (row->key);
  gtk_widget_set_tooltip_text (widget, tooltip);
  gtk_widget_set_name (widget, row->key);
}

static GtkWidget *
make_list (Row *row,
           const char *const *labels)
{
  GtkWidget *widget = adw_combo_row_new ();
  g_autoptr (GtkStringList) list = gtk_string_list_new (labels);

  dress (widget, row);
  adw_combo_row_set_model (ADW_COMBO_ROW (widget), G_LIST_MODEL (list));
  connect_row (row, widget, widget, "notify::selected", G_CALLBACK (on_selected));

  return widget;
}

static GtkWidget *
make_choices (Row *row,
              const PhoneSettingInfo *info)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);

  row->values = g_strsplit (info->choices, " ", -1);
  for (guint i = 0; row->values[i]; i++)
    g_ptr_array_add (labels, phone_setting_dup_choice (info, row->values[i]));
  g_ptr_array_add (labels, NULL);

  return make_list (row, (const char *const *) labels->pdata);
}

static GtkWidget *
make_switch (Row *row)
{
  GtkWidget *widget = adw_action_row_new ();
  GtkWidget *control = gtk_switch_new ();

  dress (widget, row);
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (widget), control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (widget), control);
  connect_row (row, control, widget, "notify::active", G_CALLBACK (on_switched));

  return widget;
}

static GtkWidget *
make_steps (Row *row,
            const PhoneSettingInfo *info)
{
  GtkWidget *widget = adw_action_row_new ();
  GtkWidget *control = gtk_spin_button_new_with_range (info->minimum, info->maximum, 1);

  dress (widget, row);
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (widget), control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (widget), control);
  connect_row (row, control, widget, "value-changed", G_CALLBACK (on_stepped));

  return widget;
}

static GtkWidget *
make_entry (Row *row,
            const PhoneSettingInfo *info)
{
  GtkWidget *widget = info->type == PHONE_SETTING_SECRET ? adw_password_entry_row_new () : adw_entry_row_new ();

  dress (widget, row);
  if (info->type == PHONE_SETTING_INT)
    adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (widget), GTK_INPUT_PURPOSE_DIGITS);
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (widget), TRUE);
  connect_row (row, widget, widget, "apply", G_CALLBACK (on_applied));
  g_signal_connect (widget, "changed", G_CALLBACK (on_edited), row);

  return widget;
}

/**
 * phone_setting_row_new:
 *
 * Returns: (transfer full): a floating row that fits the type of the setting
 */
GtkWidget *
phone_setting_row_new (const PhoneSettingAccess *access,
                       PhoneSettingId id,
                       guint x,
                       guint y)
{
  const PhoneSettingInfo *info = phone_setting_get_info (id);
  Row *row;

  g_return_val_if_fail (access != NULL, NULL);
  g_return_val_if_fail (info != NULL, NULL);

  row = row_new (access, id, x, y);
  switch (info->type)
    {
    case PHONE_SETTING_BOOL:
      return make_switch (row);
    case PHONE_SETTING_ENUM:
      return make_choices (row, info);
    case PHONE_SETTING_INT:
      return info->maximum - info->minimum <= MAX_STEPS ? make_steps (row, info) : make_entry (row, info);
    case PHONE_SETTING_TEXT:
      return info->choices[0] != '\0' ? make_choices (row, info) : make_entry (row, info);
    case PHONE_SETTING_SECRET:
      return make_entry (row, info);
    }

  g_return_val_if_reached (NULL);
}

/**
 * phone_setting_row_new_choice:
 * @values: %NULL-terminated
 * @labels: %NULL-terminated: what to call them
 *
 * A list of values that the table does not know, as the names of sound devices. A value in force that is not among them
 * is added, so that opening the preferences changes nothing.
 */
GtkWidget *
phone_setting_row_new_choice (const PhoneSettingAccess *access,
                              PhoneSettingId id,
                              const char *const *values,
                              const char *const *labels)
{
  g_autoptr (GPtrArray) all_values = NULL;
  g_autoptr (GPtrArray) all_labels = NULL;
  const char *now;
  Row *row;

  g_return_val_if_fail (access != NULL, NULL);
  g_return_val_if_fail (values != NULL && labels != NULL, NULL);
  g_return_val_if_fail (g_strv_length ((char **) values) == g_strv_length ((char **) labels), NULL);

  row = row_new (access, id, 0, 0);
  now = read_value (row);
  all_values = g_ptr_array_new ();
  all_labels = g_ptr_array_new ();
  for (guint i = 0; values[i]; i++)
    {
      g_ptr_array_add (all_values, (char *) values[i]);
      g_ptr_array_add (all_labels, (char *) labels[i]);
    }
  if (!g_strv_contains (values, now))
    {
      g_ptr_array_add (all_values, (char *) now);
      g_ptr_array_add (all_labels, (char *) now);
    }
  g_ptr_array_add (all_values, NULL);
  g_ptr_array_add (all_labels, NULL);
  row->values = g_strdupv ((char **) all_values->pdata);

  return make_list (row, (const char *const *) all_labels->pdata);
}

/**
 * phone_setting_switch_new:
 *
 * Returns: (transfer full): a switch without a row of its own
 */
GtkWidget *
phone_setting_switch_new (const PhoneSettingAccess *access,
                          PhoneSettingId id,
                          guint x)
{
  GtkWidget *control;
  Row *row;

  g_return_val_if_fail (access != NULL, NULL);

  control = gtk_switch_new ();
  row = row_new (access, id, x, 0);
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (control, row->title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, row->title, -1);
  connect_row (row, control, NULL, "notify::active", G_CALLBACK (on_switched));

  return control;
}

static gboolean
lists_choices (const PhoneSettingInfo *info,
               const char *help,
               const char **list)
{
  const char *colon = strstr (help, ": ");
  g_auto (GStrv) choices = NULL;
  gsize length;

  if (!colon || info->choices[0] == '\0')
    return FALSE;

  choices = g_strsplit (info->choices, " ", -1);
  *list = colon + 2;
  length = strlen (choices[0]);

  return strncmp (*list, choices[0], length) == 0 && (*list)[length] == ' ';
}

char *
phone_setting_dup_title (const PhoneSettingInfo *info)
{
  const char *help, *list;

  g_return_val_if_fail (info != NULL, NULL);

  help = _ (info->help);
  if (lists_choices (info, help, &list))
    return g_strndup (help, list - 2 - help);

  return g_strdup (help);
}

char *
phone_setting_dup_choice (const PhoneSettingInfo *info,
                          const char *choice)
{
  const char *list;
  gsize length = strlen (choice);

  g_return_val_if_fail (info != NULL, NULL);

  if (lists_choices (info, _ (info->help), &list))
    {
      g_auto (GStrv) pieces = g_strsplit (list, ", ", -1);

      for (guint i = 0; pieces[i]; i++)
        if (strncmp (pieces[i], choice, length) == 0 && pieces[i][length] == ' ')
          return g_strdup (pieces[i] + length + 1);
    }

  return g_strdup (choice);
}
