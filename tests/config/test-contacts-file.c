/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "contacts-file.h"

#include <string.h>

static GPtrArray *
parse (const char *text,
       PhoneDiagnostics *diagnostics)
{
  return phone_contacts_parse (text, strlen (text), diagnostics);
}

static void
assert_contacts (GPtrArray *contacts,
                 const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < contacts->len; i++)
    {
      const PhoneContact *contact = g_ptr_array_index (contacts, i);

      g_string_append_printf (text, "%s=%s@%u(%s) ", contact->name, contact->number, contact->account, contact->group);
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_a_phones_file (void)
{
  g_autoptr (PhoneDiagnostics) diagnostics = phone_diagnostics_new ("directory.xml");
  g_autoptr (GPtrArray) contacts = parse (
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
      "<root_group>\n<group display_name=\"Family\" ring=\"\"/>\n</root_group>\n"
      "<root_contact>\n"
      "<contact display_name=\"Ann &amp; Bob\" office_number=\"1001\" mobile_number=\"0171 2\" other_number=\"\""
      " line=\"-1\" ring=\"Auto\" group_id_name=\"Family\" default_photo=\"\"/>\n"
      "<contact display_name=\"\" office_number=\"\" mobile_number=\"\" other_number=\"1002\" line=\"1\"/>\n"
      "</root_contact>\n",
      diagnostics);

  assert_contacts (contacts, "Ann & Bob=1001@0(Family) Ann & Bob=0171 2@0(Family) 1002=1002@2() ");
  g_assert_cmpuint (phone_diagnostics_get_n (diagnostics), ==, 0);
}

static void
test_contacts_that_are_wrong (void)
{
  g_autoptr (PhoneDiagnostics) diagnostics = phone_diagnostics_new ("directory.xml");
  g_autofree char *long_name = g_strnfill (300, 'n');
  g_autofree char *text = g_strdup_printf ("<root_contact>\n"
                                           "<contact display_name=\"Nobody\"/>\n"
                                           "<contact display_name=\"%s\" office_number=\"1\"/>\n"
                                           "<contact display_name=\"Line\" office_number=\"2\" line=\"x\"/>\n"
                                           "<contact display_name=\"Much\" office_number=\"3\" line=\"16\"/>\n"
                                           "<contact display_name=\"Cut\" office_number=\"4\"/>\n",
                                           long_name);
  g_autoptr (GPtrArray) contacts = parse (text, diagnostics);
  g_autofree char *message = NULL;

  assert_contacts (contacts, "Line=2@0() Much=3@0() Cut=4@0() ");
  g_assert_cmpuint (phone_diagnostics_count (diagnostics, PHONE_SEVERITY_WARNING), ==, 5);
  g_assert_cmpuint (phone_diagnostics_count (diagnostics, PHONE_SEVERITY_ERROR), ==, 1);
  message = phone_diagnostics_format (diagnostics, 0);
  g_assert_true (g_str_has_prefix (message, "directory.xml:2:"));
}

static void
test_bounds (void)
{
  g_autoptr (PhoneDiagnostics) diagnostics = phone_diagnostics_new ("directory.xml");
  g_autoptr (GString) many = g_string_new ("<root_contact>");
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autofree char *large = g_strnfill (PHONE_CONTACTS_MAX_BYTES + 1, ' ');
  g_autoptr (GPtrArray) contacts = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) nothing = NULL;

  for (guint i = 0; i < PHONE_CONTACTS_MAX + 50; i++)
    g_string_append (many, "<contact display_name=\"a\" office_number=\"1\"/>");
  g_string_append (many, "</root_contact>");
  contacts = parse (many->str, diagnostics);
  g_assert_cmpuint (contacts->len, ==, PHONE_CONTACTS_MAX);
  g_assert_cmpuint (phone_diagnostics_get_n (diagnostics), ==, 1);

  for (guint i = 0; i < 1000; i++)
    g_string_append (deep, "<a>");
  none = parse (deep->str, diagnostics);
  g_assert_cmpuint (phone_diagnostics_count (diagnostics, PHONE_SEVERITY_ERROR), ==, 1);
  nothing = parse (large, diagnostics);
  g_assert_cmpuint (phone_diagnostics_count (diagnostics, PHONE_SEVERITY_ERROR), ==, 2);
}

static void
test_a_file_cannot_grow_while_it_is_read (void)
{
  g_autoptr (PhoneDiagnostics) diagnostics = phone_diagnostics_new ("directory.xml");
  g_autoptr (GPtrArray) contacts
      = parse ("<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>\n"
               "<root_contact><contact display_name=\"&b;\" office_number=\"1\"/></root_contact>",
               diagnostics);

  g_assert_cmpuint (contacts->len, ==, 0);
  g_assert_cmpuint (phone_diagnostics_count (diagnostics, PHONE_SEVERITY_ERROR), ==, 1);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/contacts/phones-file", test_a_phones_file);
  g_test_add_func ("/contacts/wrong", test_contacts_that_are_wrong);
  g_test_add_func ("/contacts/bounds", test_bounds);
  g_test_add_func ("/contacts/entities", test_a_file_cannot_grow_while_it_is_read);
  return g_test_run ();
}
